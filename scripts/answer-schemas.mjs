// From the types of what controllers' methods answer to JSON Schema.
import ts from 'typescript';

const DEEPEST = 12;

/** `{ 'Controller_method': schema }`; methods that answer nothing, or with something that only runs (a stream), are left out. */
export function answersOf(program, files) {
  const checker = program.getTypeChecker();
  const wanted = new Set(files.filter((name) => name.endsWith('.controller.ts')));
  const answers = {};
  for (const source of program.getSourceFiles()) {
    if (!wanted.has(source.fileName)) continue;
    ts.forEachChild(source, (node) => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return;
      for (const member of node.members) {
        if (!ts.isMethodDeclaration(member) || !ts.getDecorators(member)?.length) continue;
        const returned = checker.getReturnTypeOfSignature(checker.getSignatureFromDeclaration(member));
        const schema = schemaOf(checker, checker.getAwaitedType(returned) ?? returned, member, 0, true);
        if (schema !== undefined) answers[`${node.name.text}_${member.name.getText()}`] = schema;
      }
    });
  }
  return answers;
}

function schemaOf(checker, type, node, depth, outermost = false) {
  const { flags } = type;
  if (flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) return undefined;
  if (depth > DEEPEST || flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) return {};
  if (flags & ts.TypeFlags.StringLiteral) return { type: 'string', enum: [type.value] };
  if (flags & ts.TypeFlags.NumberLiteral) return { type: 'number', enum: [type.value] };
  if (flags & ts.TypeFlags.BooleanLiteral) return { type: 'boolean', enum: [checker.typeToString(type) === 'true'] };
  if (flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.StringMapping))
    return { type: 'string' };
  if (flags & ts.TypeFlags.Number) return { type: 'number' };
  if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
  // Positions and the like: decimal strings outside.
  if (flags & (ts.TypeFlags.BigInt | ts.TypeFlags.BigIntLiteral)) return { type: 'string', pattern: '^[0-9]+$' };
  if (flags & ts.TypeFlags.Null) return { type: 'null' };
  // `'a' | (string & {})`: a word that editors can complete, and any other.
  if (type.isIntersection() && type.types.some(({ flags: part }) => part & ts.TypeFlags.String))
    return { type: 'string' };
  if (type.symbol?.name === 'StreamableFile') return undefined;
  if (type.isUnion()) return unionOf(checker, type.types, node, depth, outermost);
  if (checker.isTupleType(type)) return tupleOf(checker, type, node, depth);
  if (checker.isArrayType(type))
    return { type: 'array', items: schemaOf(checker, checker.getTypeArguments(type)[0], node, depth + 1) ?? {} };
  if (type.getCallSignatures().length > 0) return undefined;
  return objectOf(checker, type, node, depth, outermost);
}

function unionOf(checker, types, node, depth, outermost) {
  const schemas = types
    .map((type) => schemaOf(checker, type, node, depth, outermost))
    .filter((schema) => schema !== undefined);
  if (schemas.length === 0) return undefined;
  const words = schemas.filter(({ type, enum: values }) => type === 'string' && values !== undefined);
  const others = schemas.filter((schema) => !words.includes(schema));
  const [yes, no] = others.filter(({ type, enum: values }) => type === 'boolean' && values !== undefined);
  const rest =
    yes && no ? [...others.filter((schema) => schema !== yes && schema !== no), { type: 'boolean' }] : others;
  const word = words.length === 0 ? [] : [{ type: 'string', enum: words.flatMap(({ enum: values }) => values).sort() }];
  const distinct = [...new Map([...word, ...rest].map((schema) => [JSON.stringify(schema), schema])).values()];
  return distinct.length === 1 ? distinct[0] : { anyOf: distinct };
}

function tupleOf(checker, type, node, depth) {
  const items = checker.getTypeArguments(type).map((item) => schemaOf(checker, item, node, depth + 1) ?? {});
  return { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length };
}

function objectOf(checker, type, node, depth, outermost) {
  const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  const properties = {};
  const required = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const given = checker.getTypeOfSymbolAtLocation(property, node);
    // A write's position leaves in a header.
    if (outermost && property.name === 'position' && given.flags & ts.TypeFlags.BigInt) continue;
    const schema = schemaOf(checker, given, node, depth + 1);
    if (schema === undefined) continue;
    const said = ts.displayPartsToString(property.getDocumentationComment(checker));
    properties[property.name] = said === '' ? schema : { ...schema, description: said };
    if (!mayBeMissing(property, given)) required.push(property.name);
  }
  return {
    type: 'object',
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
    ...(index === undefined ? {} : { additionalProperties: schemaOf(checker, index, node, depth + 1) ?? {} }),
  };
}

function mayBeMissing(property, type) {
  if (property.flags & ts.SymbolFlags.Optional) return true;
  return type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Undefined);
}
