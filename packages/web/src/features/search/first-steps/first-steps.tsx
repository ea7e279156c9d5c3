import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { readOtlpAddresses } from './otlp-addresses.ts';
import type { OtlpAddresses } from './otlp-addresses.ts';
import { firstSpanSnippets } from './snippets.ts';
import type { SampleSpan, Snippet } from './snippets.ts';
import './first-steps.css';

const text = messages.search.firstSteps;

/** Nothing has arrived yet: how to send a first span. The page shows it by itself when it does. */
export function FirstSteps(): ReactNode {
  const [sample] = useState(createSample);
  const addresses = readOtlpAddresses(document);
  return (
    <section className="first-steps">
      <h2>{text.title}</h2>
      <p>
        <Listening addresses={addresses} /> {text.looks}
      </p>
      {firstSpanSnippets(addresses, sample).map((snippet) => (
        <SnippetBlock key={snippet.title} snippet={snippet} />
      ))}
    </section>
  );
}

function Listening({
  addresses: { http, grpc },
}: {
  readonly addresses: OtlpAddresses;
}): ReactNode {
  if (http === undefined && grpc === undefined) return text.off;
  return (
    <>
      {text.listens}
      {http === undefined ? undefined : (
        <>
          {text.overHttp}
          <code>{http}</code>
        </>
      )}
      {http === undefined || grpc === undefined ? undefined : text.and}
      {grpc === undefined ? undefined : (
        <>
          {text.overGrpc}
          <code>{grpc}</code>
        </>
      )}
      {text.end}
    </>
  );
}

function SnippetBlock({ snippet }: { readonly snippet: Snippet }): ReactNode {
  return (
    <div className="snippet">
      <div className="snippet-head">
        <h3>{snippet.title}</h3>
        <span>{snippet.explanation}</span>
        <CopyButton text={snippet.code} label={text.copy(snippet.title)} />
      </div>
      <pre tabIndex={0} aria-label={snippet.title}>
        <code>{snippet.code}</code>
      </pre>
    </div>
  );
}

function createSample(): SampleSpan {
  return { traceId: randomHex(16), spanId: randomHex(8), startMs: Date.now() };
}

function randomHex(byteCount: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
