import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../../messages/messages.ts';
import {
  GRAPH_NODES,
  MAX_NODES,
  pickCallGraphQuestion,
} from '../../../../trace/graph/build-call-graph.ts';
import type { CallGraph } from '../../../../trace/graph/build-call-graph.ts';
import { Button } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { ProgressLine } from '../../../../ui/progress-line.tsx';
import { useTheme } from '../../../../ui/theme.tsx';
import { canvasThemeOf } from '../../timeline/canvas-theme-of.ts';
import { useReadable } from '../../use-readable.ts';
import { useScrollMemory } from '../../use-scroll-memory.ts';
import { useJob } from '../../worker/use-job.ts';
import { Segments } from '../../../../ui/segments.tsx';
import type { ViewProps } from '../view-props.ts';
import { ViewTools } from '../view-tools.tsx';
import { CallTable } from './call-table.tsx';
import { GraphCanvas } from './graph-canvas.tsx';
import { measureGraph } from './measure-graph.ts';
import { pointAtEdge, pointAtNode } from './point-at-calls.ts';
import { useGraphLayout } from './use-graph-layout.ts';
import './graph-view.css';

const TEXTS = messages.trace.graph;

/** Who called whom in the trace. */
export function GraphView(props: ViewProps): ReactNode {
  const { state } = props;
  const view = useReadable(state.view);
  const { graphNodes, asTable } = useReadable(state.options);
  const input = useMemo(() => pickCallGraphQuestion(view, graphNodes), [view, graphNodes]);
  const { done, isPending } = useJob('graph', { input, trace: view.columns, subject: graphNodes });
  return (
    <>
      <ViewTools>
        <Segments
          label={TEXTS.nodes}
          value={graphNodes}
          options={GRAPH_NODES.map((value) => ({ value, label: TEXTS[value] }))}
          onChange={(next) => {
            // Another picture, in which the place would be of something else.
            state.places.graph.set(undefined);
            state.setOptions({ graphNodes: next });
          }}
        />
        <Button aria-pressed={asTable} onClick={() => state.setOptions({ asTable: !asTable })}>
          {TEXTS.table}
        </Button>
      </ViewTools>
      <ProgressLine active={isPending} label={TEXTS.counting} />
      {done === undefined ? (
        <p className="view-note" role="status">
          {TEXTS.counting}
        </p>
      ) : (
        <BuiltGraph {...props} graph={done.result} />
      )}
    </>
  );
}

function BuiltGraph({ state, find, graph }: ViewProps & { readonly graph: CallGraph }): ReactNode {
  const { asTable } = useReadable(state.options);
  const selected = useReadable(state.selection);
  const matches = useReadable(find.matches);
  const memory = useScrollMemory(state, 'calls');
  const theme = useTheme();
  const colors = useMemo(() => canvasThemeOf(document.documentElement, theme), [theme]);
  const { font } = colors;
  // oxlint-disable-next-line react/exhaustive-deps -- Of the colours, the font alone has a width.
  const measured = useMemo(() => measureGraph(graph, colors), [graph, font]);
  const { layout, problem } = useGraphLayout(measured);
  const found = useMemo(
    () => (matches === undefined ? undefined : nodesWith(graph, matches)),
    [graph, matches],
  );
  const context = { state, find, graph };
  return (
    <>
      {graph.refusedCount === undefined ? undefined : (
        <p className="view-note">{TEXTS.refused(graph.refusedCount, MAX_NODES)}</p>
      )}
      {asTable ? (
        <CallTable graph={graph} memory={memory} onSelect={(edge) => pointAtEdge(context, edge)} />
      ) : layout === undefined ? (
        <GraphPending problem={problem} />
      ) : (
        <GraphCanvas
          graph={graph}
          measured={measured}
          layout={layout}
          theme={colors}
          selected={selected === undefined ? undefined : graph.nodeOfSpan[selected]}
          found={found}
          place={state.places.graph}
          onNode={(node) => pointAtNode(context, node)}
          onEdge={(edge) => pointAtEdge(context, edge)}
        />
      )}
    </>
  );
}

function GraphPending({ problem }: { readonly problem: string | undefined }): ReactNode {
  if (problem !== undefined) {
    return (
      <div className="view-problem">
        <Notice kind="error" title={TEXTS.failed(problem)} />
      </div>
    );
  }
  return <PendingNote text={TEXTS.layingOut} />;
}

function PendingNote({ text }: { readonly text: string }): ReactNode {
  return (
    <>
      <ProgressLine active label={text} />
      <p className="view-note" role="status">
        {text}
      </p>
    </>
  );
}

function nodesWith({ nodes, nodeOfSpan }: CallGraph, marks: Uint8Array): Uint8Array {
  const found = new Uint8Array(nodes.length);
  marks.forEach((mark, index) => mark === 1 && (found[nodeOfSpan[index] ?? 0] = 1));
  return found;
}
