"""Liquid for prompts, written by the people of a location: nothing to reach, bounded in time, size and nesting."""

import re
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any

from liquid import BoundTemplate, Environment, Node, RenderContext
from liquid.ast import BlockNode, ConditionalBlockNode
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Path
from liquid.builtin.expressions.logical import (
    EqExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import (
    Blank,
    Empty,
    FalseLiteral,
    FloatLiteral,
    IntegerLiteral,
    Nil,
    RangeLiteral,
    StringLiteral,
    TrueLiteral,
)
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode, _AnyExpression
from liquid.builtin.tags.comment_tag import CommentNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.exceptions import FilterArgumentError, LiquidError, ResourceLimitError, TemplateNotFoundError
from liquid.expression import Expression

SOURCE_LIMIT = 20_000  # characters of a template
OUTPUT_LIMIT = 20_000  # characters that come out of it
SECONDS = 1.0  # of this thread's processor: a template that means well takes a thousandth
_LOOPS = 2_000
_OPEN = 50
_BLANKS = re.compile(r"\s{400}")
_until: ContextVar[float] = ContextVar("until", default=float("inf"))


class TemplateError(ValueError):
    """The template cannot be used. The message is for the person who edits it; line counts from 1, None if unknown."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(f"Line {line}: {message}" if line else message)


def _check_time() -> None:
    if time.thread_time() > _until.get():
        raise ResourceLimitError("time is up", token=None)


class _Context(RenderContext):
    @property
    def disabled_tags(self) -> list[str]:
        """Asked before each node is rendered, so the clock is looked at here. No tag is switched off."""
        _check_time()
        return []

    @disabled_tags.setter
    def disabled_tags(self, names: list[str]) -> None:
        pass


class _Template(BoundTemplate):
    context_class = _Context


class _Environment(Environment):
    template_class = _Template
    loop_iteration_limit = _LOOPS
    output_stream_limit = OUTPUT_LIMIT
    local_namespace_limit = OUTPUT_LIMIT
    context_depth_limit = 8
    block_nesting_limit = 20


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses to build what is larger than any prompt: `replace` chained on itself makes gigabytes."""

    @wraps(function)
    def bounded(left: Any, *args: Any, **kwargs: Any) -> Any:
        _check_time()
        if name.startswith("replace") and args:
            found, new = str(args[0]), str(args[1]) if len(args) > 1 else ""
            count = str(left).count(found)
            if len(str(left)) + count * len(new) > OUTPUT_LIMIT:
                raise FilterArgumentError(f"{name} makes too long a text", token=None)
        if name == "times" and any(isinstance(x, int) and abs(x) > 10**18 for x in (left, *args)):
            raise FilterArgumentError("the numbers are too large", token=None)
        result = function(left, *args, **kwargs)
        if isinstance(result, str) and len(result) > OUTPUT_LIMIT:
            raise FilterArgumentError(f"{name} makes too long a text", token=None)
        if isinstance(result, list | tuple) and len(result) > _LOOPS:
            # `uniq` compares each with each.
            raise FilterArgumentError(f"{name} makes too long a list", token=None)
        return result

    return bounded


def _short_range(make: Callable[..., range]) -> Callable[..., range]:
    """A range is counted, sliced, turned around and compared before anything looks at the loop limit."""

    @wraps(make)
    def short(literal: RangeLiteral, start: Any, stop: Any) -> range:
        made = make(literal, start, stop)
        if made.stop - made.start > _LOOPS:
            raise ResourceLimitError("this range is too long", token=literal.token)
        return made

    return short


RangeLiteral._make_range = _short_range(RangeLiteral._make_range)  # type: ignore[method-assign]
_environment = _Environment()
for _name, _function in list(_environment.filters.items()):
    _environment.filters[_name] = _bounded(_name, _function)


# What the reader says, and the same for somebody who writes a prompt.
_PLAIN = [
    (re.compile(said, re.IGNORECASE), ours)
    for said, ours in (
        (r"expected '}}'", "A value that begins with {{ is not closed with }}."),
        (r"missing tag name or closing", "A tag that begins with {% has no name, or is not closed with %}."),
        (r"expected tag end(\w+)", r"{% \1 %} has no end: write {% end\1 %} where it is over."),
        (r"unexpected tag '(\w+)'", r"There is no tag {% \1 %}, or it stands where it cannot."),
        (r"unknown filter '(\w+)'", r"There is no filter named \1."),
        (r"expected a primitive expression, found end", "There is nothing between the braces."),
    )
]


def _explained(error: LiquidError, source: str) -> TemplateError:
    token = getattr(error, "token", None)
    start = getattr(token, "start_index", -1) if token is not None else -1
    line = None
    if token is not None:
        line = source.count("\n", 0, start if 0 <= start <= len(source) else len(source)) + 1
    if isinstance(error, ResourceLimitError):
        return TemplateError("The template does too much: its loops or its text are too long.", line)
    if isinstance(error, TemplateNotFoundError):
        return TemplateError("A template cannot include another one. Copy its text here.", line)
    words = str(error.args[0] if error.args else error).splitlines()[0].strip()
    for said, ours in _PLAIN:
        if found := said.match(words):
            return TemplateError(found.expand(ours), line)
    return TemplateError(f"{words[:1].upper()}{words[1:]}. Look at what stands between the braces.", line)


def _refuse_slow_reading(source: str) -> None:
    """The reader's patterns take the square of what stays open, and of blanks in a row: seconds for a template's limit.

    Nothing can interrupt them, so what they are given is bounded; both are mistakes in a prompt anyway.
    """
    for opening, closing, name in (("{{", "}}", "value"), ("{%", "%}", "tag")):
        end = source.rfind(closing) + 1
        if source.count(opening, end) > _OPEN:
            line = source.count("\n", 0, source.index(opening, end)) + 1
            raise TemplateError(f"A {name} that begins with {opening} has no {closing}.", line)
    if blanks := _BLANKS.search(source):
        line = source.count("\n", 0, blanks.start()) + 1
        raise TemplateError("Too many spaces or empty lines in a row.", line)


@lru_cache(maxsize=256)
def _parsed(source: str) -> BoundTemplate:
    """A campaign renders the same few templates for every call; reading one takes longer than filling it in."""
    return _environment.from_string(source)


def check(source: str) -> None:
    """Raise TemplateError when `source` is not a Liquid template we render."""
    render(source, {})


# Of these a template can be built that nobody's data break: values put in, and a choice by what is there or equal.
_CERTAIN_NODES = (
    BlockNode, CaseNode, CommentNode, ConditionalBlockNode, ContentNode, IfNode, MultiExpressionBlockNode, OutputNode,
    UnlessNode,
)  # fmt: skip
_CERTAIN_EXPRESSIONS = (
    Blank, BooleanExpression, Empty, EqExpression, FalseLiteral, FilteredExpression, FloatLiteral, IntegerLiteral,
    LogicalAndExpression, LogicalNotExpression, LogicalOrExpression, NeExpression, Nil, Path, StringLiteral,
    TrueLiteral, _AnyExpression,
)  # fmt: skip
_CERTAIN_FILTERS = {"capitalize", "default", "downcase", "lstrip", "rstrip", "strip", "upcase"}


@lru_cache(maxsize=4096)
def is_certain(source: str) -> bool:
    """Whether the template can be rendered whatever the data are, as long as what comes out is not too long.

    Of one that calculates, compares by size, counts or loops only rendering tells.
    """
    try:
        render(source, {})
    except TemplateError:
        return False
    template = _parsed(source)
    context = _Context(template)
    return all(_node_is_certain(node, context) for node in template.nodes)


def _node_is_certain(node: Node, context: RenderContext) -> bool:
    return (
        type(node) in _CERTAIN_NODES
        and all(_expression_is_certain(each) for each in node.expressions())
        and all(_node_is_certain(each, context) for each in node.children(context))
    )


def _expression_is_certain(expression: Expression) -> bool:
    if isinstance(expression, FilteredExpression) and any(
        each.name not in _CERTAIN_FILTERS for each in expression.filters or ()
    ):
        return False
    return type(expression) in _CERTAIN_EXPRESSIONS and all(
        _expression_is_certain(each) for each in expression.children()
    )


def render(source: str, data: Mapping[str, Any]) -> str:
    """The template with the data filled in; what is not in the data is empty. Raises TemplateError.

    `data` is plain JSON values: a template can read them and nothing else (no attributes, no includes, no files).
    """
    if len(source) > SOURCE_LIMIT:
        raise TemplateError(f"The template is longer than {SOURCE_LIMIT:,} characters.")
    _refuse_slow_reading(source)
    before = _until.set(time.thread_time() + SECONDS)
    try:
        return _parsed(source).render(**data).strip()
    except LiquidError as error:
        raise _explained(error, source) from None
    except (ArithmeticError, RecursionError, ValueError, TypeError) as error:
        raise TemplateError(f"The template cannot be rendered: {error}.") from None
    finally:
        _until.reset(before)
