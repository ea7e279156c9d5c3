import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import './files.css';

const text = messages.search.files;

/** Takes files that are dropped anywhere on the page, and a button that chooses them. */
export function FileDrop({
  onFiles,
}: {
  readonly onFiles: (files: readonly File[]) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const isDragging = useDroppedFiles(onFiles);
  return (
    <>
      <Button look="quiet" title={text.openTitle} onClick={() => input.current?.click()}>
        <Icon name="folder" />
        <span className="file-open-name">{text.open}</span>
      </Button>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        aria-label={text.open}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
      {isDragging ? (
        <div className="file-drop" role="status">
          <strong>{text.drop}</strong>
          <span>{text.dropDetail}</span>
        </div>
      ) : undefined}
    </>
  );
}

/** Says whether files are held over the page. */
function useDroppedFiles(onFiles: (files: readonly File[]) => void): boolean {
  const [isDragging, setIsDragging] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent) =>
      dataTransfer?.types.includes('Files') === true;
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      // Without this the browser would leave the page for the file.
      event.preventDefault();
      setIsDragging(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsDragging(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsDragging(false);
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return isDragging;
}
