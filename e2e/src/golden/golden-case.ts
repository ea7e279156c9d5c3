/** One request to a foreign API and the whole of its answer, as it stands in `cases/<api>.json`. */
export interface GoldenCase {
  /** What a user of the API relies on, as a sentence. */
  readonly name: string;
  /** Such as `GET /api/services`. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** 200 when absent. */
  readonly status?: number;
  /** `application/json` when absent. */
  readonly contentType?: string;
  /** JSON; of another content type the text. */
  readonly answer: unknown;
}

/** What came back. */
export interface GivenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly answer: unknown;
}

export function expectedAnswer(golden: GoldenCase): GivenAnswer {
  const { status = 200, contentType = 'application/json', answer } = golden;
  return { status, contentType, answer };
}

export async function readAnswer(response: Response): Promise<GivenAnswer> {
  const contentType = response.headers.get('content-type') ?? '';
  const text = await response.text();
  const answer: unknown = contentType.startsWith('application/json') ? JSON.parse(text) : text;
  return { status: response.status, contentType, answer };
}
