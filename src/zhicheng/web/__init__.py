"""The faces: portal, workbench, cockpit, and the components they share."""
