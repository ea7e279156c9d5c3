/**
 * The user-service in other languages than this one: what builds it, what runs it. Each lies in the folder named after its
 * language, reads the same environment and says in the same words when it is ready.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programArguments } from './child-processes.ts';
import type { ProcessOptions } from './child-processes.ts';

const LANGUAGES = ['node', 'go', 'python', 'java'] as const;

export type UserServiceLanguage = (typeof LANGUAGES)[number];

/** How a program is run. */
export type Program = Pick<ProcessOptions, 'command' | 'args' | 'cwd'>;

interface Step {
  readonly command: string;
  readonly args: readonly string[];
  /** The step is left out when this file, in the language's folder, is there. */
  readonly unless?: string;
}

interface Recipe {
  /** Run one after the other, before the first start and, where that is quick, before every one. */
  readonly build: readonly Step[];
  readonly run: { readonly command: string; readonly args: readonly string[] };
}

const VENV_PYTHON = '.venv/bin/python';

const RECIPES: Readonly<Record<Exclude<UserServiceLanguage, 'node'>, Recipe>> = {
  go: {
    build: [{ command: 'go', args: ['build', '-o', 'build/user-service', '.'] }],
    run: { command: './build/user-service', args: [] },
  },
  python: {
    build: [
      { command: 'python3', args: ['-m', 'venv', '.venv'], unless: VENV_PYTHON },
      {
        command: `./${VENV_PYTHON}`,
        args: ['-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
      },
    ],
    run: { command: `./${VENV_PYTHON}`, args: ['user_service.py'] },
  },
  java: {
    build: [{ command: 'mvn', args: ['--quiet', '--batch-mode', 'package'] }],
    run: {
      command: 'java',
      args: [
        // Without it this Java complains about the agent's way of loading classes.
        '-Xshare:off',
        '-javaagent:target/agent/opentelemetry-javaagent.jar',
        '-Dotel.javaagent.configuration-file=agent.properties',
        // Attributes of queries as they are called since that convention became stable; not read from the file.
        '-Dotel.semconv-stability.opt-in=database',
        '-cp',
        'target/user-service.jar:target/lib/*',
        'shop.UserService',
      ],
    },
  },
};

/** Throws an error that lists the languages when there is none of that name. */
export function parseLanguage(text: string): UserServiceLanguage {
  const language = LANGUAGES.find((name) => name === text);
  if (language !== undefined) return language;
  throw new Error(`--user-service is not one of ${LANGUAGES.join(', ')}: "${text}"`);
}

/** Builds the user-service in a language, saying so, and answers with how it is run. Throws when the language is missing. */
export async function buildUserService(language: UserServiceLanguage): Promise<Program> {
  if (language === 'node') return { args: programArguments('services/user-service.ts') };
  const { build, run } = RECIPES[language];
  const cwd = fileURLToPath(new URL(`../${language}/`, import.meta.url));
  console.log(
    `Building the user-service in demo/${language}; the first time takes a minute or two …`,
  );
  for (const { command, args, unless } of build) {
    if (unless !== undefined && existsSync(join(cwd, unless))) continue;
    await runStep(language, { command, args, cwd });
  }
  return { ...run, cwd };
}

async function runStep(
  language: string,
  { command, args, cwd }: Required<Pick<ProcessOptions, 'command' | 'args' | 'cwd'>>,
): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  let code: number | null;
  try {
    [code] = (await once(child, 'exit')) as [number | null];
  } catch (cause) {
    throw new Error(
      `the user-service in ${language} needs ${command}, which is not installed here`,
      { cause },
    );
  }
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed in demo/${language}`);
}
