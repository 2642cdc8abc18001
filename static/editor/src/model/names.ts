// Short names for types that the wire has only inside other shapes.
import type { StackView, SampleView as WireSample } from "../wire.gen";

export type RightName = StackView["rights"][number];
export type SampleView = WireSample;
