// An import under way: what was chosen or pasted, what comes along, and the server's opinion of it.
import { useCallback, useEffect, useState } from "react";
import { ApiError, post } from "../../sync/api";
import type { Checked, ConvertedText, FileNeed, ProblemView } from "../../wire.gen";
import { type Brought, type Choice, check, gather, isRunLines, nothing, type Row } from "./bringIn";
import { fromDrop, fromList, mainCandidates, nameFor, type Picked, type Selection } from "./picked";

const CHECK_AFTER_MS = 300;

export interface Import {
  pasted: string;
  picked: Picked[];
  candidates: string[];
  main: string;
  brought: Brought;
  checked: Checked | null;
  rows: Row[];
  missing: FileNeed[];
  notes: string[];
  runLines: boolean;
  runProblems: ProblemView[];
  converted: boolean;
  busy: boolean;
  failure: string;
  paste: (text: string) => void;
  choose: (files: File[]) => void;
  drop: (data: DataTransfer) => void;
  setMain: (path: string) => void;
  setChoice: (path: string, choice: Choice) => void;
  addMissing: (path: string, file: File) => void;
  convertTo: (converted: ConvertedText) => void;
  clear: () => void;
}

interface Result {
  brought: Brought;
  checked: Checked | null;
  rows: Row[];
  missing: FileNeed[];
  notes: string[];
  runProblems: ProblemView[];
}

const EMPTY: Result = { brought: nothing, checked: null, rows: [], missing: [], notes: [], runProblems: [] };

async function ofPaste(text: string): Promise<Result> {
  if (!text.trim()) return EMPTY;
  if (!isRunLines(text)) {
    const brought = { ...nothing, text };
    return { ...EMPTY, brought, checked: await check(brought) };
  }
  const made = await post<ConvertedText>("compose/from-run", { text });
  const brought = { ...nothing, text: made.text };
  const checked = made.text ? await check(brought) : null;
  const known = new Set(checked?.problems.map((one) => `${one.code}${one.message}`));
  const own = made.problems.filter((one) => !known.has(`${one.code}${one.message}`));
  return { ...EMPTY, brought, checked, notes: made.notes, runProblems: own };
}

/** `onName` is told a name for the stack as soon as the files suggest one. */
export function useImport(onName: (name: string) => void): Import {
  const [pasted, setPasted] = useState("");
  const [picked, setPicked] = useState<Picked[]>([]);
  const [main, setMain] = useState("");
  const [asked, setAsked] = useState<Record<string, Choice>>({});
  const [result, setResult] = useState<Result>(EMPTY);
  const [conversion, setConversion] = useState<ConvertedText | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");

  const take = useCallback(
    (files: Promise<Selection>) => {
      setFailure("");
      files.then(
        ({ files: all, name }) => {
          const first = mainCandidates(all.map((one) => one.path))[0] ?? all[0]?.path ?? "";
          setPicked(all);
          setMain(first);
          setAsked({});
          setConversion(null);
          if (!all.length) setFailure("There is no file in what was chosen.");
          else onName(nameFor(first) || name);
        },
        (error: Error) => setFailure(error.message),
      );
    },
    [onName],
  );

  useEffect(() => {
    let current = true;
    const load = async () => {
      setBusy(true);
      try {
        const found = picked.length ? await gather(main, picked, asked) : await ofPaste(pasted);
        if (!current) return;
        setFailure(found ? "" : `${main} is no UTF-8 text, or is over 2 MB.`);
        setResult({ ...EMPTY, ...found });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (current) setFailure(`${error.message} ${error.fix}`);
      } finally {
        if (current) setBusy(false);
      }
    };
    const timer = setTimeout(() => void load(), picked.length ? 0 : CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [picked, main, asked, pasted]);

  const [after, setAfter] = useState<Checked | null>(null);
  const brought = conversion ? { ...result.brought, text: conversion.text } : result.brought;
  useEffect(() => {
    setAfter(null);
    if (!conversion) return;
    let current = true;
    check({ ...result.brought, text: conversion.text }).then(
      (answer) => current && setAfter(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [conversion, result]);

  return {
    ...result,
    pasted,
    picked,
    main,
    brought,
    checked: conversion ? after : result.checked,
    notes: conversion?.notes ?? result.notes,
    candidates: mainCandidates(picked.map((one) => one.path)).concat(
      picked.some((one) => one.path === main && !/\.ya?ml$/i.test(main)) ? [main] : [],
    ),
    runLines: !picked.length && isRunLines(pasted),
    converted: conversion !== null,
    busy,
    failure,
    paste: (text) => {
      setPasted(text);
      setConversion(null);
    },
    choose: (files) => files.length && take(fromList(files)),
    drop: (data) => take(fromDrop(data)),
    setMain: (path) => {
      setMain(path);
      setAsked({});
      setConversion(null);
    },
    setChoice: (path, choice) => setAsked((known) => ({ ...known, [path]: choice })),
    addMissing: (path, file) => {
      const folder = main.slice(0, main.lastIndexOf("/") + 1);
      const bytes = async () => new Uint8Array(await file.arrayBuffer());
      setPicked((all) => [...all, { path: folder + path, size: file.size, bytes }]);
    },
    convertTo: setConversion,
    clear: () => {
      setPicked([]);
      setMain("");
      setAsked({});
      setConversion(null);
      setResult(EMPTY);
      setFailure("");
    },
  };
}
