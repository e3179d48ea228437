import { type StorePath, storePathHashOf, storePathNameOf } from 'nix-wire/types'

const most = 500

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

/** The paths whose base name contains what is looked for. */
export const page = (paths: ReadonlyArray<StorePath>, wanted: string): string => {
  const found = paths.filter((path) => path.includes(wanted)).sort()
  const rows = found
    .slice(0, most)
    .map((path) => [storePathHashOf(path), escaped(storePathNameOf(path))] as const)
    .map(
      ([hash, name]) =>
        `<li><a href="/${hash}.narinfo"><code>${hash}</code></a> <a href="/${hash}.ls">${name}</a>`,
    )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Binary cache</title>
<h1>Binary cache</h1>
<form><label>Path or part of one <input name="q" value="${escaped(wanted)}"></label> <button>Look up</button></form>
<p>${found.length} of ${paths.length} paths${found.length > most ? `; the first ${most} are shown` : ''}</p>
<ul>
${rows.join('\n')}
</ul>
</html>
`
}
