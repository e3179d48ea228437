// The search shows the sentence of each name that it finds; they are fetched when it is opened first.
const { base = './' } = document.documentElement.dataset
const root = new URL(base.endsWith('/') ? base : `${base}/`, location.href).href
const results = document.getElementById('tsd-search-results')

const tell = () => {
  for (const link of results?.querySelectorAll('a:not([data-told])') ?? []) {
    const sentence = globalThis.sentences?.[link.href.slice(root.length)]
    link.dataset.told = ''
    if (sentence !== undefined && sentence !== '') {
      const place = document.createElement('span')
      place.className = 'sentence'
      place.textContent = sentence
      link.querySelector('.text')?.append(place)
    }
  }
}

const begin = () => {
  const script = document.createElement('script')
  script.src = `${root}assets/sentences.js`
  script.addEventListener('load', tell)
  document.head.append(script)
}

if (results !== null) {
  document.getElementById('tsd-search-input')?.addEventListener('focus', begin, { once: true })
  new MutationObserver(() => {
    if (globalThis.sentences !== undefined) {
      tell()
    }
  }).observe(results, { childList: true })
}

// What scrolls by itself is reached by keys.
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.setAttribute('tabindex', '0')
    } else {
      target.removeAttribute('tabindex')
    }
  }
})
const scrollers = '.tsd-signature, .tsd-typography :is(pre code, table, p:has(> img:only-child))'
for (const each of document.querySelectorAll(scrollers)) {
  watch.observe(each)
}
