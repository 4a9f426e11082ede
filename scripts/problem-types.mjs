// Every problem type that the code can answer with, found by the compiler: `new Refused(…)`, `problem(…)`, and the edge's own codes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const STATUS = { missing: 404, conflict: 409, gone: 410, invalid: 422, forbidden: 403, limited: 429 };

/** `[{ code, statuses, details }]`, sorted; and the places where a code is not known to the compiler. */
export function problemTypes() {
  const files = readdirSync(join(root, 'libs'), { recursive: true })
    .filter((name) => /\.ts$/.test(name) && !/\.(spec|fixture|contract|child)\.ts$|^testing\/|generated\//.test(name))
    .map((name) => join(root, 'libs', name));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, options);
  const found = new Found(program.getTypeChecker());
  for (const source of program.getSourceFiles()) if (files.includes(source.fileName)) found.in(source);
  return { types: found.sorted(), unknown: found.unknown };
}

class Found {
  unknown = [];
  #types = new Map();
  #checker;

  constructor(checker) {
    this.#checker = checker;
  }

  in(source) {
    const visit = (node) => {
      if (ts.isNewExpression(node) && node.expression.getText() === 'Refused') this.#refused(node.arguments, node);
      if (/\/api\/http\//.test(source.fileName) && ts.isCallExpression(node) && node.expression.getText() === 'problem')
        this.#problem(node.arguments, node);
      if (ts.isNewExpression(node) && node.expression.getText() === 'HttpException') this.#http(node.arguments);
      if (ts.isVariableDeclaration(node) && node.name.getText() === 'HTTP_CODES') this.#codes(node.initializer);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }

  sorted() {
    return [...this.#types.values()]
      .map(({ code, statuses, details }) => ({ code, statuses: [...statuses].sort(), details: [...details].sort() }))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  #refused([code, detail, kind], node) {
    const kinds = kind === undefined ? ['conflict'] : this.#words(kind);
    this.#add(code, detail, kinds.map((one) => STATUS[one]).filter(Boolean), node);
  }

  #problem([code, status, detail], node) {
    this.#add(code, detail, this.#words(status), node, true);
  }

  #http([said, status]) {
    if (said === undefined || !ts.isObjectLiteralExpression(said)) return;
    const of = (name) => said.properties.find((one) => one.name?.getText() === name)?.initializer;
    const code = of('code');
    if (code !== undefined && status !== undefined) this.#add(code, of('message'), this.#words(status), said);
  }

  #codes(object) {
    for (const { name, initializer } of object.properties ?? object.expression.properties)
      this.#add(initializer, undefined, [Number(name.getText())], initializer);
  }

  #add(codeNode, detailNode, statuses, node, mayBeHandedOn = false) {
    const codes = this.#codesOf(codeNode);
    if (codes.length === 0) {
      const { fileName } = node.getSourceFile();
      if (!mayBeHandedOn && !fileName.endsWith('/http/problem.ts'))
        this.unknown.push(`${fileName}: ${node.getText().slice(0, 90)}`);
      return;
    }
    for (const code of codes) {
      const type = this.#types.get(code) ?? { code, statuses: new Set(), details: new Set() };
      for (const status of statuses) type.statuses.add(status);
      for (const detail of this.#texts(detailNode)) type.details.add(detail);
      this.#types.set(code, type);
    }
  }

  /** A code that is put together stands as its pattern: `invalid-…`. */
  #codesOf(node) {
    const words = this.#words(node);
    return words.length === 0 && ts.isTemplateExpression(node) ? this.#texts(node) : words;
  }

  /** The literals that an expression's type allows; none where it is any string or number. */
  #words(node) {
    const type = this.#checker.getTypeAtLocation(node);
    const types = type.isUnion() ? type.types : [type];
    return types.flatMap((one) => (one.isStringLiteral() || one.isNumberLiteral() ? [one.value] : []));
  }

  #texts(node) {
    if (node === undefined) return [];
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isConditionalExpression(node)) return [...this.#texts(node.whenTrue), ...this.#texts(node.whenFalse)];
    if (ts.isTemplateExpression(node))
      return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
    return this.#words(node);
  }
}
