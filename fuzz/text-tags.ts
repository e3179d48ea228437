/** The tags that only rules of texts have. */
export const textTags: ReadonlyArray<string> = ['InvalidText', 'NotUtf8']
