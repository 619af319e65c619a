// What every page needs; each module says why it is there.
import "htmx.org";
import { Idiomorph } from "idiomorph"; window.Idiomorph = Idiomorph;
