import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import minimap from "diagram-js-minimap";
console.log(NavigatedViewer, minimap);
