import { useLayoutEffect, useState } from 'preact/hooks'

type Theme = 'auto' | 'light' | 'dark'

const following: { readonly [T in Theme]: Theme } = { auto: 'light', light: 'dark', dark: 'auto' }

/** Light or dark like the system, unless the user chooses; the choice lasts as long as the page is open. */
export const ThemeButton = () => {
  const [theme, setTheme] = useState<Theme>('auto')
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  return (
    <button
      type="button"
      onClick={() => setTheme(following[theme])}
      title="Colours: as the system, light, dark"
    >
      Theme: {theme}
    </button>
  )
}
