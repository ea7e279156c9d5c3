/** Checks every import of the repository against `import-rules.ts`; prints the offenders and fails when there are any. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IMPORT_RULES, SEPARATE_CHILDREN, TEST_EXTRA } from './import-rules.ts';
import type { ImportRule } from './import-rules.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['packages', 'demo', 'bench', 'e2e'];
const SKIPPED = /node_modules|\/dist|testdata|test-results/;
const IMPORT =
  /^(?:import|export)\s[^'"`;=]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;
const TEST = /\.(test|conformance)\.tsx?$|\/testing\/|\.config\.ts$/;

function main(): void {
  const offenders = SOURCES.flatMap(listFiles).flatMap(checkFile);
  for (const offender of offenders) console.error(offender);
  if (offenders.length > 0) process.exitCode = 1;
}

function listFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !SKIPPED.test(path));
}

function checkFile(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const rule = findRule(file);
  return [...text.matchAll(IMPORT)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((specifier) => !isAllowed(file, specifier, rule))
    .map((specifier) => `${file}: may not import ${specifier} (scripts/import-rules.ts)`);
}

function findRule(file: string): ImportRule | undefined {
  return IMPORT_RULES.filter((rule) => file.startsWith(rule.from)).sort(
    (a, b) => b.from.length - a.from.length,
  )[0];
}

function isAllowed(file: string, specifier: string, rule: ImportRule | undefined): boolean {
  const target = resolve(file, specifier);
  const home = rule === undefined || rule.from.endsWith('.ts') ? dirname(file) : rule.from;
  if (isForeignChild(file, target)) return false;
  if (target.startsWith(home)) return true;
  const extra = TEST.test(file) ? TEST_EXTRA : [];
  return [...(rule?.to ?? []), ...extra].some((to) => target === to || isBelow(target, to));
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith('node:')) return 'node:';
  const own = /^@clew\/(\w+)$/.exec(specifier);
  return own === null ? `npm:${specifier}` : `packages/${own[1]}/src/index.ts`;
}

function isBelow(target: string, to: string): boolean {
  return target.startsWith(to) && (to.endsWith('/') || to.endsWith(':') || to.startsWith('npm:'));
}

function isForeignChild(file: string, target: string): boolean {
  return SEPARATE_CHILDREN.some((parent) => {
    if (!file.startsWith(parent) || !target.startsWith(parent)) return false;
    return file.slice(parent.length).split('/')[0] !== target.slice(parent.length).split('/')[0];
  });
}

main();
