import {
  type Comment,
  type CommentDisplayPart,
  type DeclarationReflection,
  type DefaultThemeRenderContext,
  JSX,
  ReflectionKind,
  type SignatureReflection,
} from 'typedoc'

/** Longer types, in characters, are folded. */
const longest = 240

const element = JSX.createElement

/** Renders a part while its comment has no summary, since the summary is shown elsewhere. */
const withoutSummary = <A>(comment: Comment | undefined, render: () => A): A => {
  if (comment === undefined) {
    return render()
  }
  const { summary } = comment
  const none: Array<CommentDisplayPart> = []
  comment.summary = none
  const rendered = render()
  comment.summary = summary
  return rendered
}

const lengthOf = (rendered: JSX.Element): number => JSX.renderElement(rendered).replace(/<[^>]*>/g, '').length

/** A type, folded if it is long. */
const folded = (signature: JSX.Element): JSX.Element =>
  lengthOf(signature) <= longest
    ? signature
    : element('details', { class: 'signature-fold' }, element('summary', null, 'The whole type'), signature)

/** Parts of pages that begin with the summary of a thing, and have its type below. */
export const signatureFolds = (context: DefaultThemeRenderContext): Partial<DefaultThemeRenderContext> => {
  const { memberSignatureBody, memberDeclaration } = context
  const signature = (item: SignatureReflection): JSX.Element => {
    const title = element(
      'div',
      { class: 'tsd-signature tsd-anchor-link', id: context.getAnchor(item) },
      context.memberSignatureTitle(item),
    )
    const body = withoutSummary(item.comment, () => memberSignatureBody(item))
    return element(
      'li',
      { class: context.getReflectionClasses(item) },
      element('div', { class: 'tsd-description' }, context.commentSummary(item)),
      folded(title),
      lengthOf(title) <= longest
        ? element('div', { class: 'tsd-description' }, body)
        : element(
            'details',
            { class: 'signature-fold' },
            element('summary', null, 'Parameters and result'),
            element('div', { class: 'tsd-description' }, body),
          ),
    )
  }
  return {
    memberSignatures: (props: DeclarationReflection): JSX.Element =>
      element('ul', { class: 'tsd-signatures' }, ...(props.signatures ?? []).map(signature)),
    memberDeclaration: (props: DeclarationReflection): JSX.Element => {
      const declaration = withoutSummary(props.comment, () => memberDeclaration(props))
      // The page of a type has little else to show.
      const type = props.kindOf(ReflectionKind.TypeAlias) ? declaration : folded(declaration)
      return element(JSX.Fragment, null, context.commentSummary(props), type)
    },
  }
}
