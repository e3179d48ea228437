export const hashTypes = ['sha256', 'sha512', 'sha1', 'md5'] as const
