// A file of the server's, asked for here and then given to the browser: a link that is followed is given up without a word when
// the machine's network changes, as it does while an engine beside the browser makes networks.
import { downloadBlob } from "../code/take";
import { notify } from "../model/store";
import { ApiError, getFile } from "../sync/api";

/** Download what `/api/PATH` answers, under the name that it gives; a failure is told. */
export async function takeFile(path: string): Promise<void> {
  try {
    const { name, body } = await getFile(path);
    downloadBlob(name, body);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notify({ message: `Not downloaded: ${error.message}`, fix: error.fix });
  }
}
