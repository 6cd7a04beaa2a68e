import js from "@eslint/js";
import globals from "globals";

export default [
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        rules: {
            complexity: ["error", 10],
            curly: "error",
            eqeqeq: "error",
            "max-lines": ["error", 300],
            "max-lines-per-function": ["error", { max: 30, skipBlankLines: true, skipComments: true }],
            "max-params": ["error", 4],
            "no-console": "error",
            "no-shadow": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
        },
    },
    {
        // A tour and a suite are one list of steps.
        files: ["static/tests/**"],
        rules: { "max-lines-per-function": "off" },
    },
];
