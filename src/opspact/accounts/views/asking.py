"""Asking before doing: GET shows what will happen, POST does it and goes back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from opspact.kit.actions import Caller


class Question(View, ABC):
    """What will happen, shown before it does. Subclasses `find` what it is about, have `words`, and take the POST."""

    permission: str
    danger = False

    @abstractmethod
    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        """What the address names. Raises Http404."""

    @abstractmethod
    def words(self, thing: Any) -> tuple[str, str, str]:
        """Title, what will happen, and the word on the button."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        thing = self.find(request, **kwargs)
        title, text, button = self.words(thing)
        template = "kit/parts/confirm.html" if request.htmx else "kit/confirm.html"
        words = {"title": title, "text": text, "button": button, "action": request.path, "danger": self.danger}
        return render(request, template, words)


class Ask(Question):
    """A question whose answer is one action: subclasses `act`, and know where to go `back` to."""

    @abstractmethod
    def act(self, caller: Caller, thing: Any) -> str:
        """Do it; the sentence that says so."""

    @abstractmethod
    def back(self, thing: Any) -> str:
        """The address to return to."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        thing = self.find(request, **kwargs)
        try:
            messages.success(request, self.act(Caller.of(request), thing))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
        return redirect(self.back(thing))
