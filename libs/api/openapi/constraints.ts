import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

type Options = Record<string, unknown>;
type Constraint = { readonly name?: string | undefined; readonly constraints?: readonly unknown[] };

/** What the plugin writes about classes: modules, with the options of each class's properties. */
export interface PluginMetadata {
  readonly '@nestjs/swagger': {
    readonly models: readonly (readonly [Promise<object>, Readonly<Record<string, Record<string, Options>>>])[];
    readonly controllers: readonly unknown[];
  };
}

/**
 * The plugin reads limits from the source, and so only those that are written as literals. What class-validator will check
 * is taken from itself, so that the document promises just that. Changes the metadata.
 */
export async function addConstraints(metadata: PluginMetadata): Promise<void> {
  for (const [module, classes] of metadata['@nestjs/swagger'].models) {
    const exported = (await module) as Readonly<Record<string, Type>>;
    for (const [name, properties] of Object.entries(classes)) {
      const target = exported[name];
      if (target !== undefined) addTo(properties, target);
    }
  }
}

function addTo(properties: Record<string, Options>, target: Type): void {
  for (const found of getMetadataStorage().getTargetValidationMetadatas(target, '', false, false)) {
    const options = properties[found.propertyName];
    // Of each item of an array: the document has no place for it in these options.
    if (options !== undefined && !found.each) Object.assign(options, wordsOf(found));
  }
}

function wordsOf({ name, constraints = [] }: Constraint): Options {
  const [first, second] = constraints;
  switch (name) {
    case 'isOptional':
      return { required: false };
    case 'matches':
      return { pattern: (first as RegExp).source };
    case 'isLength':
      return { minLength: first, ...(second === undefined ? {} : { maxLength: second }) };
    case 'minLength':
      return { minLength: first };
    case 'maxLength':
      return { maxLength: first };
    case 'isInt':
      return { type: 'integer' };
    case 'min':
      return { minimum: first };
    case 'max':
      return { maximum: first };
    case 'isISO8601':
      return { format: 'date-time' };
    case 'arrayMaxSize':
      return { maxItems: first };
    case 'arrayMinSize':
      return { minItems: first };
    case 'equals':
      return { enum: [first] };
    default:
      return {};
  }
}
