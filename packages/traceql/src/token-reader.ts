import { QuerySyntaxError } from '@clew/model';
import { tokenize } from './lexer.ts';
import type { GroupAhead } from './scalar-pipeline-ahead.ts';
import type { TextRange } from './syntax-tree.ts';
import type { Symbol, Token } from './token.ts';

type TokenOf<Type extends Token['type']> = Extract<Token, { readonly type: Type }>;

/** How deep expressions may be nested: each level takes some of the parser's own stack. */
const MAX_DEPTH = 200;
/** Of a query: what it becomes is a tree as deep as there are operators, and a statement of the store that grows with each. */
const MAX_OPERATORS = 2000;

/** The tokens of a query, one after the other, and what is wrong where another one was expected. */
export class TokenReader {
  readonly text: string;
  /** What looking ahead has told of groups in parentheses, by the token that opens them. */
  readonly groups: Map<Token, GroupAhead> = new Map();
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #operators = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
  }

  /** The next token, or the one `ahead` of it; the last one again behind the end. */
  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    // There is always one, of type `end`.
    return this.#tokens[Math.min(this.#next + ahead, last)] as Token;
  }

  /** Where the next token begins. */
  get position(): number {
    return this.peek().range.start;
  }

  is(type: Symbol): boolean {
    return this.peek().type === type;
  }

  isWord(...words: readonly string[]): boolean {
    const token = this.peek();
    return token.type === 'word' && words.includes(token.text);
  }

  /** Takes the next token if it is of this type. */
  accept<Type extends Token['type']>(type: Type): TokenOf<Type> | undefined {
    const token = this.peek();
    if (token.type !== type) return undefined;
    this.#next++;
    return token as TokenOf<Type>;
  }

  acceptWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#next++;
    return true;
  }

  expect<Type extends Token['type']>(
    type: Type,
    expected: string = JSON.stringify(type),
  ): TokenOf<Type> {
    return this.accept(type) ?? this.fail(expected);
  }

  /** What was read from `start` to the last token taken. */
  rangeFrom(start: number): TextRange {
    return { start, end: this.#tokens[this.#next - 1]?.range.end ?? start };
  }

  /** Calls `parse`, which may call itself, a level deeper. */
  nested<T>(parse: () => T): T {
    if (this.#depth === MAX_DEPTH) {
      const message = `expressions are nested more than ${MAX_DEPTH} deep`;
      throw new QuerySyntaxError(message, { text: this.text, position: this.position });
    }
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  /** Told of each operator that was taken. */
  countOperator(): void {
    if (++this.#operators <= MAX_OPERATORS) return;
    const message = `the query has more than ${MAX_OPERATORS} operators`;
    throw new QuerySyntaxError(message, { text: this.text, position: this.position });
  }

  /** Operands with operators of one level between them, grouped from the left. */
  leftToRight<Operator extends Symbol, Operand>(
    operators: readonly Operator[],
    parseOperand: (reader: TokenReader) => Operand,
    combine: (parts: {
      readonly operator: Operator;
      readonly left: Operand;
      readonly right: Operand;
      readonly range: TextRange;
    }) => Operand,
  ): Operand {
    const start = this.position;
    let left = parseOperand(this);
    for (;;) {
      const operator = operators.find((each) => this.accept(each));
      if (operator === undefined) return left;
      this.countOperator();
      const right = parseOperand(this);
      left = combine({ operator, left, right, range: this.rangeFrom(start) });
    }
  }

  fail(expected: string): never {
    const token = this.peek();
    const found =
      token.type === 'end'
        ? 'the end of the query'
        : JSON.stringify(this.text.slice(token.range.start, token.range.end));
    throw new QuerySyntaxError(`expected ${expected} but found ${found}`, {
      text: this.text,
      position: token.range.start,
      expected,
    });
  }
}
