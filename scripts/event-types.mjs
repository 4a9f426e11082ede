// Every event, its fields and what seals them: the tables say which field is sealed by what, the compiler what the field is.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { tables } from '../libs/event-codec/tables/all.ts';

const root = join(import.meta.dirname, '..');

/** `[{ stream, types: [{ type, version, said, clear, sealed, key, about, older }] }]`, in the tables' order. */
export function eventTypes() {
  const shapes = shapesOf();
  return Object.entries(tables).map(([stream, types]) => ({
    stream,
    types: Object.entries(types).map(([type, { current, versions }]) => {
      const { clear, sealed, about } = versions[current];
      const shape = shapes.get(`${stream}/${type}`);
      if (shape === undefined) throw new Error(`${stream}: no type is found for ${type}`);
      const typed = (names) => names.map((name) => ({ name, type: shape.fields.get(name) ?? '' }));
      const older = Object.entries(versions)
        .filter(([version]) => Number(version) < current)
        .map(([version, table]) => ({ version, lacks: clear.filter((name) => !table.clear.includes(name)) }));
      return {
        type,
        version: current,
        said: shape.said,
        clear: typed(clear),
        sealed: typed(sealed?.fields ?? []),
        key: keyOf(sealed?.key),
        about: keyOf(about ?? 'stream'),
        older,
      };
    }),
  }));
}

function keyOf(rule) {
  if (rule === undefined) return '';
  if (rule === 'stream') return "the stream's own";
  if (rule === 'nobody') return 'nobody';
  return 'item' in rule ? `this ${rule.item}'s` : `the one that \`${rule.reserved}\` names`;
}

function shapesOf() {
  const domain = join(root, 'libs', 'domain');
  const files = readdirSync(domain)
    .map((name) => join(domain, name, 'events.ts'))
    .filter((name) => ts.sys.fileExists(name));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const program = ts.createProgram(files, ts.parseJsonConfigFileContent(config, ts.sys, root).options);
  const checker = program.getTypeChecker();
  const shapes = new Map();
  for (const file of files) {
    const folder = file.split('/').at(-2);
    const stream = folder.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    ts.forEachChild(program.getSourceFile(file), (node) => {
      if (!ts.isTypeAliasDeclaration(node) || !ts.isTypeReferenceNode(node.type)) return;
      if (node.type.typeName.getText() !== 'DomainEvent') return;
      const [name, ...parts] = node.type.typeArguments;
      const type = name.literal?.text;
      if (type !== undefined) shapes.set(`${stream}/${type}`, { said: saidOf(node), fields: fieldsOf(checker, parts) });
    });
  }
  return shapes;
}

function saidOf(node) {
  return ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => (typeof comment === 'string' ? comment : ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function fieldsOf(checker, parts) {
  const fields = new Map();
  for (const part of parts) {
    const type = checker.getTypeAtLocation(part);
    for (const one of type.isUnion() ? type.types : [type])
      for (const property of one.getProperties()) {
        const given = checker.getTypeOfSymbolAtLocation(property, part);
        fields.set(property.name, textOf(checker, given, part));
      }
  }
  return fields;
}

function textOf(checker, type, node) {
  if (type.isUnion() && type.types.every((one) => one.isLiteral()))
    return type.types.map(({ value }) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' | ');
  return checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation).replace(/\s+/g, ' ');
}
