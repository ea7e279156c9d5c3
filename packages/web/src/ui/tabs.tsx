import { Tab, TabList, TabProvider } from '@ariakit/react/tab';
import type { ReactNode } from 'react';

export interface TabsProps<Value extends string> {
  readonly label: string;
  readonly className: string;
  /** The tabs' ids begin with it: `<id>-<value>`. */
  readonly id: string;
  /** The id of what the tabs switch. */
  readonly panelId: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly tabs: readonly TabOption<Value>[];
}

export interface TabOption<Value extends string> {
  readonly value: Value;
  readonly title?: string;
  readonly children: ReactNode;
  readonly onPointerEnter?: () => void;
}

/** Arrow keys go from tab to tab, round the ends, and each shows its panel at once. */
export function Tabs<Value extends string>(props: TabsProps<Value>): ReactNode {
  const { label, className, id, panelId, value, onChange, tabs } = props;
  const idOf = (one: Value) => `${id}-${one}`;
  const choose = (chosen: string | null | undefined) => {
    const tab = tabs.find((one) => idOf(one.value) === chosen);
    if (tab !== undefined && tab.value !== value) onChange(tab.value);
  };
  return (
    <TabProvider selectedId={idOf(value)} setSelectedId={choose}>
      <TabList className={className} aria-label={label}>
        {tabs.map(({ value: one, ...rest }) => (
          <Tab
            key={one}
            id={idOf(one)}
            aria-controls={panelId}
            moveOnKeyPress={goesSideways}
            {...rest}
          />
        ))}
      </TabList>
    </TabProvider>
  );
}

/** Home, End and the pages are keys of what the tabs show. */
function goesSideways({ key }: { readonly key: string }): boolean {
  return key === 'ArrowLeft' || key === 'ArrowRight';
}
