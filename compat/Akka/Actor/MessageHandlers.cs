namespace Akka.Actor;

/// <summary>The handlers of one behaviour of a <see cref="ReceiveActor"/>, tried in the order in which they were stated.</summary>
internal sealed class MessageHandlers
{
    private Handler[] _handlers = [];
    private List<Handler> _added = [];

    public void Add(Handler handler)
    {
        if (_added is [.., { CatchesAll: true }])
        {
            throw new InvalidOperationException(
                "A handler that catches all messages has been added. No handler can be added after that.");
        }

        _added.Add(handler);
    }

    public MessageHandlers Build()
    {
        _handlers = [.. _added];
        _added = null;
        return this;
    }

    public bool TryHandle(object message)
    {
        foreach (var handler in _handlers)
            if (handler.TryHandle(message)) return true;
        return false;
    }

    /// <summary>One stated handler.</summary>
    internal abstract class Handler
    {
        public virtual bool CatchesAll => false;

        public abstract bool TryHandle(object message);
    }

    /// <summary>Takes messages of a type that the predicate, if any, lets pass.</summary>
    internal sealed class Typed<T> : Handler
    {
        private readonly Predicate<T> _shouldHandle;
        private readonly Action<T> _handle;

        public Typed(Predicate<T> shouldHandle, Action<T> handle)
        {
            ArgumentNullException.ThrowIfNull(handle);
            _shouldHandle = shouldHandle;
            _handle = handle;
        }

        public override bool CatchesAll => typeof(T) == typeof(object) && _shouldHandle is null;

        public override bool TryHandle(object message)
        {
            if (message is not T typed || (_shouldHandle is not null && !_shouldHandle(typed))) return false;
            _handle(typed);
            return true;
        }
    }

    /// <summary>The same for a type that is known only at run time.</summary>
    internal sealed class OfType : Handler
    {
        private readonly Type _type;
        private readonly Predicate<object> _shouldHandle;
        private readonly Action<object> _handle;

        public OfType(Type type, Predicate<object> shouldHandle, Action<object> handle)
        {
            _type = type;
            _shouldHandle = shouldHandle;
            _handle = handle;
        }

        public override bool CatchesAll => _type == typeof(object) && _shouldHandle is null;

        public override bool TryHandle(object message)
        {
            if (!_type.IsInstanceOfType(message) || (_shouldHandle is not null && !_shouldHandle(message))) return false;
            _handle(message);
            return true;
        }
    }

    /// <summary>Says itself whether it handled the message.</summary>
    internal sealed class Deciding<T> : Handler
    {
        private readonly Func<T, bool> _handle;

        public Deciding(Func<T, bool> handle) => _handle = handle;

        public override bool TryHandle(object message) => message is T typed && _handle(typed);
    }
}
