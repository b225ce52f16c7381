import { a } from "../core/x.js";
export const b = a;
//# sourceMappingURL=x.js.map