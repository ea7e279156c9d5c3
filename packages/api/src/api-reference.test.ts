/** Holds `docs/reference/api.md` to the routes. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { API_ROOT } from './route.ts';
import * as exported from './routes.ts';

interface Described {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly string[];
  readonly required: readonly string[];
}

const ROUTES: readonly Described[] = Object.values(exported).flatMap((each) => {
  if (typeof each !== 'object' || !('operationId' in each)) return [];
  const method = 'method' in each ? (each.method ?? 'get') : 'get';
  const { properties = {}, required = [] } = z.toJSONSchema(each.query as z.ZodType, {
    io: 'input',
  });
  return [
    {
      method: method.toUpperCase(),
      path: each.path,
      parameters: Object.keys(properties),
      required,
    },
  ];
});

const DOCUMENT = readFileSync(new URL('../../../docs/reference/api.md', import.meta.url), 'utf8');

/** What is set as code in a cell of a table. */
function codeOf(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

test('the document names every route with its method and what it requires, and no other', () => {
  const named = [...DOCUMENT.matchAll(/^\| `([A-Z]+ \/[^`]*)` \|/gm)].map(([, text = '']) => text);
  const routes = ROUTES.map(({ method, path, required }) => {
    const query = required.map((name) => `${name}=`).join('&');
    return `${method} ${path}${query === '' ? '' : `?${query}`}`;
  });
  expect(routes.length).toBeGreaterThan(10);
  expect(named.toSorted()).toEqual(routes.toSorted());
});

test('the document names every query parameter of every route, and no other', () => {
  const [, table = ''] = /^\| parameter \| of \| is \|\n\|-.*\n((?:\|.*\n)+)/m.exec(DOCUMENT) ?? [];
  const named = table
    .trimEnd()
    .split('\n')
    .flatMap((row) => {
      const [names = '', paths = ''] = row.split(' | ');
      return codeOf(paths).flatMap((path) => codeOf(names).map((name) => `${path} ${name}`));
    });
  const taken = ROUTES.flatMap(({ path, parameters }) =>
    parameters.map((name) => `${path} ${name}`),
  );
  expect(named.toSorted()).toEqual(taken.toSorted());
});

test('what the document shows in use are routes', () => {
  const patterns = ROUTES.map(({ path }) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`));
  const used = [...DOCUMENT.matchAll(new RegExp(`${API_ROOT}(/[^\\s?\`'")]*)`, 'g'))];
  expect(used.length).toBeGreaterThan(2);
  for (const [, path = ''] of used) {
    const isRoute = path === '/openapi.json' || patterns.some((pattern) => pattern.test(path));
    expect(isRoute, path).toBe(true);
  }
});
