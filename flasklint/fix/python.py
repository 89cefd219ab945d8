"""Changes of Python source, made by libcst so that formatting and comments stay.

libcst gives back what it does not touch character by character; what differs afterwards is one edit of text,
like those of any other file.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from ..finding import Edit, PythonEdit
from ..read.syntax import is_tame
from ..source import Source, Span
from .write import Refused

_NONE = cst.SimpleWhitespace("")
_LINE_END = cst.TrailingWhitespace()
_EQUAL = cst.AssignEqual(whitespace_before=_NONE, whitespace_after=_NONE)
_LOOSE = (cst.BinaryOperation, cst.BooleanOperation, cst.Comparison, cst.UnaryOperation, cst.IfExp, cst.Lambda,
          cst.Tuple, cst.NamedExpr, cst.Await, cst.Yield, cst.GeneratorExp)  # fmt: skip


def worked_out(edit: PythonEdit) -> Edit:
    """Return the edit of text that a change of Python comes to. Raises Refused where it cannot be made."""
    source = edit.at.source
    if not is_tame(source.text):
        raise Refused("too large or too deeply nested to be changed")
    try:
        wrapper = MetadataWrapper(cst.parse_module(source.text))
        node = next(_CHANGES[edit.change][0](wrapper, edit.at), None)
        if node is None:
            raise Refused("no longer the code that was meant")
        changed = cast(cst.Module, wrapper.module.deep_replace(node, _CHANGES[edit.change][1](node, edit))).code
        ast.parse(changed)
    except (cst.ParserSyntaxError, cst.CSTValidationError, SyntaxError, RecursionError, ValueError) as error:
        raise Refused(f"not Python that can be changed ({type(error).__name__})") from None
    if changed.count("#") < source.text.count("#") and edit.change != "remove-argument":
        raise Refused("a comment is in the way")
    return _difference(source, changed)


def _difference(source: Source, changed: str) -> Edit:
    """Return the smallest edit that makes one text of the other."""
    old, start = source.text, 0
    most = min(len(old), len(changed))
    while start < most and old[start] == changed[start]:
        start += 1
    behind = 0
    while behind < most - start and old[-1 - behind] == changed[-1 - behind]:
        behind += 1
    return Edit(Span(source, start, len(old) - behind), changed[start : len(changed) - behind])


# ------------------------------------------------------------------------------------ finding the node


def _calls(wrapper: MetadataWrapper, at: Span) -> Iterator[cst.CSTNode]:
    """A call by its place, or by that of what is called: the place of one over several lines."""
    for node in _nodes(wrapper, at, cst.Call):
        place = wrapper.resolve(PositionProvider)
        if _end(at) in (_ends(place[node]), _ends(place[cast(cst.Call, node).func])):
            yield node


def _expressions(wrapper: MetadataWrapper, at: Span) -> Iterator[cst.CSTNode]:
    for node in _nodes(wrapper, at, cst.BaseExpression):
        if _ends(wrapper.resolve(PositionProvider)[node]) == _end(at):
            yield node


def _statements(wrapper: MetadataWrapper, at: Span) -> Iterator[cst.CSTNode]:
    """A line of the module itself that holds this one statement."""
    parents = wrapper.resolve(ParentNodeProvider)
    for node in _nodes(wrapper, at, cst.SimpleStatementLine):
        if isinstance(parents[node], cst.Module) and len(cast(cst.SimpleStatementLine, node).body) == 1:
            yield node


def _nodes(wrapper: MetadataWrapper, at: Span, kind: type[Any]) -> Iterator[cst.CSTNode]:
    """Nodes of a kind that begin where a place does, the inner ones first."""
    start = at.source.position(at.start)
    for node, place in wrapper.resolve(PositionProvider).items():
        if isinstance(node, kind) and (place.start.line, place.start.column + 1) == start:
            yield node


def _end(at: Span) -> tuple[int, int]:
    return at.source.position(at.end)


def _ends(place: CodeRange) -> tuple[int, int]:
    return place.end.line, place.end.column + 1


# ------------------------------------------------------------------------------------------ changing it


def _set_argument(node: cst.CSTNode, edit: PythonEdit) -> cst.CSTNode:
    call = cast(cst.Call, node)
    value, args = cst.parse_expression(edit.value), list(call.args)
    for index, arg in enumerate(args):
        if arg.keyword and arg.keyword.value == edit.name:
            args[index] = arg.with_changes(value=value)
            return call.with_changes(args=args)
    if any(arg.star == "**" for arg in args):
        raise Refused(f"{edit.name} may be among the arguments that are handed on")
    new = cst.Arg(value, keyword=cst.Name(edit.name), equal=_EQUAL)
    if args:
        args[-1], new = _parted(call, args[-1], new)
    return call.with_changes(args=[*args, new])


def _parted(call: cst.Call, last: cst.Arg, new: cst.Arg) -> tuple[cst.Arg, cst.Arg]:
    """Put an argument behind the last one, parted as the others are, or as the first is from the parenthesis.

    What stood between the last one and the parenthesis comes behind the new one, but for a comment.
    """
    before = call.args[-2].comma if len(call.args) > 1 else None
    between = before.whitespace_after if isinstance(before, cst.Comma) else call.whitespace_before_args
    if not isinstance(before, cst.Comma) and not isinstance(between, cst.ParenthesizedWhitespace):
        between = cst.SimpleWhitespace(" ")
    trailing = isinstance(last.comma, cst.Comma)
    behind = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    if isinstance(between, cst.ParenthesizedWhitespace):
        first = _LINE_END if not isinstance(behind, cst.ParenthesizedWhitespace) else behind.first_line
        between = between.with_changes(first_line=first, empty_lines=[])
        if isinstance(behind, cst.ParenthesizedWhitespace):
            behind = behind.with_changes(first_line=_LINE_END)
    last = last.with_changes(comma=cst.Comma(whitespace_after=between), whitespace_after_arg=_NONE)
    if trailing:
        return last, new.with_changes(comma=cst.Comma(whitespace_after=behind))
    return last, new.with_changes(whitespace_after_arg=behind)


def _remove_argument(node: cst.CSTNode, edit: PythonEdit) -> cst.CSTNode:
    call = cast(cst.Call, node)
    args = list(call.args)
    index = next((n for n, arg in enumerate(args) if arg.keyword and arg.keyword.value == edit.name), None)
    if index is None:
        raise Refused(f"no argument {edit.name}")
    gone = args.pop(index)
    if args and index == len(args):
        kept = {"comma": gone.comma, "whitespace_after_arg": gone.whitespace_after_arg}
        args[-1] = args[-1].with_changes(**kept)
    return call.with_changes(args=args)


def _replace_expression(node: cst.CSTNode, edit: PythonEdit) -> cst.CSTNode:
    old, new = cast(cst.BaseExpression, node), cst.parse_expression(edit.value)
    left, right = [*old.lpar, *new.lpar], [*new.rpar, *old.rpar]
    if isinstance(new, _LOOSE) and not left:
        left, right = [cst.LeftParen()], [cst.RightParen()]
    return new.with_changes(lpar=left, rpar=right)


def _only_when_run(node: cst.CSTNode, edit: PythonEdit) -> cst.CSTNode:
    line = cast(cst.SimpleStatementLine, node)
    test = cst.parse_expression('__name__ == "__main__"')
    body = cst.IndentedBlock([line.with_changes(leading_lines=[])])
    return cst.If(test, body, leading_lines=line.leading_lines)


_CHANGES: dict[
    str,
    tuple[Callable[[MetadataWrapper, Span], Iterator[cst.CSTNode]], Callable[[cst.CSTNode, PythonEdit], cst.CSTNode]],
] = {
    "set-argument": (_calls, _set_argument),
    "remove-argument": (_calls, _remove_argument),
    "replace-expression": (_expressions, _replace_expression),
    "only-when-run": (_statements, _only_when_run),
}
