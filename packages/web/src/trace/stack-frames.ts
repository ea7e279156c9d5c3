/** Stack traces as they are read: what the code itself did stands out, what libraries and the runtime did steps back. */

/** Lines that belong together. */
export interface StackPart {
  /** `message` is what is no frame; `foreign` frames are of libraries or of the runtime. */
  readonly kind: 'message' | 'own' | 'foreign';
  readonly lines: readonly string[];
}

/** `at f (file:1:2)` of JavaScript, Java and .NET; `File "…", line 1` of Python; `\tfile.go:12 +0x1d` of Go; `from file:1` of Ruby; `#0 file(1)` of PHP. */
const FRAME =
  /^\s*(?:at\s|File "|from\s\S+:\d+|#\d+\s|\.{3} \d+ (?:more|common frames))|^\t\S+\.go:\d+|^\s+\d+:\s+0x/;

/** Code that the reader did not write: of the runtime, of a package manager's folder, of a well-known package. */
const FOREIGN: readonly RegExp[] = [
  /\bnode:|\(internal\/|\bat internal\/|<anonymous>\)?$|native code|\[native\]/,
  /[\\/](?:node_modules|site-packages|dist-packages|vendor|gems)[\\/]|[\\/]go[\\/]pkg[\\/]mod[\\/]/,
  /[\\/]lib[\\/]python\d|[\\/](?:usr|opt)[\\/](?:local[\\/])?(?:go|lib)[\\/]/,
  /\.{3} \d+ (?:more|common frames)/,
  /^\s*at (?:java\.base\/|(?:java|javax|jdk|sun|com\.sun|kotlin|scala|reactor|System|Microsoft)\.)/,
  /^\s*at (?:org\.(?:springframework|apache|eclipse|hibernate|jboss)|io\.(?:netty|grpc|opentelemetry))\./,
];

/** What follows a frame and tells more of it: the source line of Python, the place of a Go function. */
const CONTINUATION = /^\s{4,}(?!at\s)\S|^\t\S/;

/** Divides a stack into what belongs together, in its order; joined by line feeds the parts are the text again. */
export function divideStack(text: string): readonly StackPart[] {
  const parts: { kind: StackPart['kind']; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const last = parts.at(-1);
    const kind = kindOf(line, last?.kind);
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  }
  return parts;
}

function kindOf(line: string, before: StackPart['kind'] | undefined): StackPart['kind'] {
  if (FRAME.test(line)) return FOREIGN.some((sign) => sign.test(line)) ? 'foreign' : 'own';
  const isContinuation = before !== undefined && before !== 'message' && CONTINUATION.test(line);
  return isContinuation ? before : 'message';
}
