using Akka.Pattern;

namespace Akka.Streams.Stage;

/// <summary>Reading: waiting for the next elements of an input with a function each, instead of a handler with a state machine.</summary>
public abstract partial class GraphStageLogic
{
    /// <summary>Calls <paramref name="andThen"/> with the next element, or <paramref name="onClose"/> if none comes.</summary>
    protected void Read<T>(Inlet<T> inlet, Action<T> andThen, Action onClose)
    {
        if (IsAvailable(inlet))
            andThen(Grab(inlet));
        else if (IsClosed(inlet))
            onClose();
        else
            StartReading(inlet, 1, andThen, onClose);
    }

    /// <summary>Calls <paramref name="andThen"/> with the next n elements, or <paramref name="onComplete"/> with those that came before the end.</summary>
    protected void ReadMany<T>(Inlet<T> inlet, int n, Action<IEnumerable<T>> andThen, Action<IEnumerable<T>> onComplete)
    {
        if (n < 0)
            throw new ArgumentException("Cannot read negative number of elements", nameof(n));
        if (n == 0)
        {
            andThen(null);
            return;
        }

        var elements = new List<T>(n);
        if (IsAvailable(inlet))
            elements.Add(Grab(inlet));
        if (elements.Count == n)
        {
            andThen(elements);
            return;
        }

        StartReading(
            inlet,
            n - elements.Count,
            element =>
            {
                elements.Add(element);
                if (elements.Count == n)
                    andThen(elements);
            },
            () => onComplete(elements));
    }

    private void StartReading<T>(Inlet<T> inlet, int n, Action<T> andThen, Action onClose)
    {
        var previous = GetHandler(inlet);
        if (previous is Reading<T>)
            throw new IllegalStateException($"Already reading on inlet {inlet}");
        if (!HasBeenPulled(inlet))
            Pull(inlet);
        SetHandler(inlet, new Reading<T>(this, inlet, n, previous, andThen, onClose));
    }

    private sealed class Reading<T>(GraphStageLogic logic, Inlet<T> inlet, int left, IInHandler previous, Action<T> andThen, Action onClose)
        : InHandler
    {
        private int _left = left;

        public override void OnPush()
        {
            var element = logic.Grab(inlet);
            if (--_left > 0)
                logic.Pull(inlet);
            else
                logic.SetHandler(inlet, previous);
            andThen(element);
        }

        public override void OnUpstreamFinish()
        {
            logic.SetHandler(inlet, previous);
            onClose();
            previous.OnUpstreamFinish();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            logic.SetHandler(inlet, previous);
            previous.OnUpstreamFailure(e);
        }
    }
}
