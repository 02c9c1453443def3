namespace Akka.Streams.Stage;

/// <summary>Emitting: pushing now if there is demand, else as soon as there is, in order, without a state machine in the stage.</summary>
public abstract partial class GraphStageLogic
{
    protected internal void Emit<T>(Outlet<T> outlet, T element) => Emit(outlet, element, DoNothing);

    /// <summary>Emits one element; <paramref name="andThen"/> runs when it has been pushed.</summary>
    protected internal void Emit<T>(Outlet<T> outlet, T element, Action andThen)
    {
        if (IsAvailable(outlet))
        {
            Push(outlet, element);
            andThen();
        }
        else
        {
            EmitLater(outlet, new Pending<T> { Element = element, AndThen = andThen });
        }
    }

    protected internal void EmitMultiple<T>(Outlet<T> outlet, IEnumerable<T> elements) => EmitMultiple(outlet, elements, DoNothing);

    protected internal void EmitMultiple<T>(Outlet<T> outlet, IEnumerable<T> elements, Action andThen) =>
        EmitMultiple(outlet, elements.GetEnumerator(), andThen);

    protected internal void EmitMultiple<T>(Outlet<T> outlet, IEnumerator<T> enumerator) => EmitMultiple(outlet, enumerator, DoNothing);

    /// <summary>Emits all elements; <paramref name="andThen"/> runs when the last one has been pushed.</summary>
    protected internal void EmitMultiple<T>(Outlet<T> outlet, IEnumerator<T> enumerator, Action andThen)
    {
        if (!enumerator.MoveNext())
        {
            andThen();
            return;
        }

        if (IsAvailable(outlet))
        {
            Push(outlet, enumerator.Current);
            if (!enumerator.MoveNext())
            {
                andThen();
                return;
            }
        }

        EmitLater(outlet, new Pending<T> { Rest = enumerator, AndThen = andThen });
    }

    /// <summary>Forgets what has not been emitted yet.</summary>
    protected internal void AbortEmitting<T>(Outlet<T> outlet)
    {
        if (GetHandler(outlet) is Emission emission)
            SetHandler(outlet, emission.Previous);
    }

    private void EmitLater<T>(Outlet<T> outlet, Pending<T> pending)
    {
        if (GetHandler(outlet) is Emission<T> emission)
        {
            emission.Enqueue(pending);
            return;
        }

        emission = new Emission<T>(this, outlet, GetHandler(outlet));
        emission.Enqueue(pending);
        SetHandler(outlet, emission);
    }

    /// <summary>An element, or an enumerator that stands on its next element, and what to do after the last one; or the completion.</summary>
    private struct Pending<T>
    {
        public bool IsCompletion;
        public T Element;
        public IEnumerator<T> Rest;
        public Action AndThen;
    }

    private sealed class Emission<T> : Emission
    {
        private readonly GraphStageLogic _logic;
        private readonly Outlet<T> _outlet;
        private readonly Queue<Pending<T>> _pending = new(1);

        public Emission(GraphStageLogic logic, Outlet<T> outlet, IOutHandler previous)
            : base(previous)
        {
            _logic = logic;
            _outlet = outlet;
        }

        public void Enqueue(Pending<T> pending) => _pending.Enqueue(pending);

        public override void CompleteWhenDone() => Enqueue(new Pending<T> { IsCompletion = true });

        public override void OnPull()
        {
            var next = _pending.Peek();
            if (next.IsCompletion)
                return;
            _logic.Push(_outlet, next.Rest is null ? next.Element : next.Rest.Current);
            if (next.Rest is not null && next.Rest.MoveNext())
                return;

            _pending.Dequeue();
            _logic.SetHandler(_outlet, Previous);
            next.AndThen();
            if (_pending.Count > 0)
                GoOn();
        }

        private void GoOn()
        {
            // What andThen has just emitted comes last.
            if (_logic.GetHandler(_outlet) is Emission<T> added)
            {
                while (added._pending.TryDequeue(out var pending))
                    _pending.Enqueue(pending);
            }

            if (!_pending.Peek().IsCompletion)
            {
                _logic.SetHandler(_outlet, this);
                return;
            }

            var completion = _pending.Dequeue();
            if (_pending.Count == 0)
            {
                _logic.Interpreter.Complete(_logic.Connections[_logic.InCount + _outlet.Id]);
                return;
            }

            // The completion comes after what was emitted later than it.
            _pending.Enqueue(completion);
            _logic.SetHandler(_outlet, this);
        }
    }
}
