import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import createWabt from 'wabt';

const RELAXED = '(i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $query) (local.get $row) (local.get $acc))';
const PLAIN = `
    (i32x4.add
      (i32x4.add
        (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $query)) (i16x8.extend_low_i8x16_s (local.get $row)))
        (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $query)) (i16x8.extend_high_i8x16_s (local.get $row))))
      (local.get $acc))`;

/** The text of generated/kernel.ts, made from kernel.wat. Run `node libs/recognition/matching/assemble.ts` after a change there. */
export async function assembled(): Promise<string> {
  const source = readFileSync(new URL('./kernel.wat', import.meta.url), 'utf8');
  const wabt = await createWabt();
  const base64 = (dot: string): string => {
    const parsed = wabt.parseWat('kernel.wat', source.replace('    DOT)', `    ${dot})`), {
      simd: true,
      relaxed_simd: true,
    });
    parsed.validate();
    return Buffer.from(parsed.toBinary({}).buffer).toString('base64');
  };
  return [
    '/** Made from kernel.wat by assemble.ts; not edited by hand. */',
    `export const relaxedKernel =\n  '${base64(RELAXED)}';`,
    `export const plainKernel =\n  '${base64(PLAIN)}';`,
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(new URL('./generated/kernel.ts', import.meta.url), await assembled());
}
