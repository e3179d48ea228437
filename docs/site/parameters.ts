import { type ParameterReflection, type ProjectReflection, ReflectionKind } from 'typedoc'

/** A name for a parameter whose fields alone have names in the sources: that of its type. */
const nameFor = ({ type }: ParameterReflection): string =>
  type?.type === 'reference' ? `${type.name.charAt(0).toLowerCase()}${type.name.slice(1)}` : 'fields'

/** Names the parameters that the sources take apart at once; TypeDoc calls all of them the same. */
export const nameParameters = (project: ProjectReflection): void => {
  for (const reflection of project.getReflectionsByKind(ReflectionKind.Parameter)) {
    if (reflection.isParameter() && reflection.name === '__namedParameters') {
      reflection.name = nameFor(reflection)
    }
  }
}
