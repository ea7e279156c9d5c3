import { Suspense, lazy, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Boundary } from './boundary.tsx';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import './lazy-part.css';

const text = messages.ui.part;

export interface LazyPartOptions<Props> {
  /** What the part is called at the beginning of a sentence. */
  readonly name: string;
  readonly load: () => Promise<ComponentType<Props>>;
  /** What has to be there even if the part is not, such as the way to another one. */
  readonly renderHead?: (props: Props) => ReactNode;
}

/**
 * A part of a page whose code is fetched when it is first shown. Where that fails, as without a network or after another version was
 * installed, a notice stands in the part's place and the rest of the page goes on.
 */
export function createLazyPart<Props extends object>({
  name,
  load,
  renderHead,
}: LazyPartOptions<Props>): ComponentType<Props> {
  let isLoaded = false;
  const createAttempt = () =>
    lazy(async () => {
      try {
        const component = await load();
        isLoaded = true;
        return { default: component };
      } catch (error) {
        // A component that failed stays failed: whoever shows the part next tries with another one.
        latest = createAttempt();
        throw error;
      }
    });
  let latest = createAttempt();

  return function LazyPart(props: Props): ReactNode {
    const [attempt, setAttempt] = useState(() => ({ number: 0, Part: latest }));
    const { number, Part } = attempt;
    return (
      <Boundary
        key={number}
        renderFailure={(error) => (
          <>
            {renderHead?.(props)}
            <div className="lazy-part-failed">
              <Notice kind="error" title={isLoaded ? text.broken(name) : text.failed(name)}>
                <span>{isLoaded ? error.message : text.advice(error.message)}</span>
                <Button onClick={() => setAttempt({ number: number + 1, Part: latest })}>
                  {text.retry}
                </Button>
              </Notice>
            </div>
          </>
        )}
      >
        <Suspense>
          <Part {...props} />
        </Suspense>
      </Boundary>
    );
  };
}
