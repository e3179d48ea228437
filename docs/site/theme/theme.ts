import {
  DefaultTheme,
  DefaultThemeRenderContext,
  type NavigationElement,
  type PageEvent,
  type ProjectReflection,
  type Reflection,
} from 'typedoc'
import { signatureFolds } from './signatures.js'

/** The group whose pages are on the first level of the menu. */
const first = 'Guide'

class SiteContext extends DefaultThemeRenderContext {
  constructor(...args: ConstructorParameters<typeof DefaultThemeRenderContext>) {
    super(...args)
    Object.assign(this, signatureFolds(this))
  }
}

/** A part of the menu that opens and closes holds no link: its own page is the first one below it. */
const unfolded = (element: NavigationElement): NavigationElement => {
  const { path, children, ...part } = element
  if (children === undefined) {
    return element
  }
  const own = path === undefined ? [] : [{ ...part, path, text: 'Overview' }]
  return { ...part, children: [...own, ...children.map(unfolded)] }
}

/**
 * TypeDoc's theme, with the guides on the first level of the menu, and pages that begin with their summary.
 */
export class SiteTheme extends DefaultTheme {
  override getRenderContext(page: PageEvent<Reflection>): DefaultThemeRenderContext {
    return new SiteContext(this.router, this, page, this.application.options)
  }

  override buildNavigation(project: ProjectReflection): Array<NavigationElement> {
    return super
      .buildNavigation(project)
      .flatMap((element) => (element.text === first ? (element.children ?? []) : [element]))
      .map(unfolded)
  }
}
