using System.Collections;

namespace Akka.Actor.Internal;

/// <summary>
/// Children by name, and which of them were told to stop. While some of those are left, the container knows what their parent waits
/// for with them: nothing, its own creation or restart, or its own end. After the end no child can be added.
/// </summary>
internal sealed class ChildrenContainer
{
    private readonly Dictionary<string, IChildStats> _byName = [];
    private HashSet<IActorRef> _toDie;
    private SuspendReason _reason;
    private bool _terminated;

    public bool IsTerminating
    {
        get
        {
            lock (_byName) return _terminated || _reason is SuspendReason.Termination;
        }
    }

    public bool IsNormal
    {
        get
        {
            lock (_byName) return !_terminated && _reason is null or SuspendReason.UserRequest;
        }
    }

    public bool IsWaiting
    {
        get
        {
            lock (_byName) return !_terminated && _reason is SuspendReason.IWaitingForChildren;
        }
    }

    public IReadOnlyCollection<IInternalActorRef> Children
    {
        get
        {
            lock (_byName) return [.. _byName.Values.OfType<ChildRestartStats>().Select(stats => stats.Child)];
        }
    }

    /// <summary>A view of all children; it copies them when it is enumerated, since most strategies look at the failed one only.</summary>
    public IReadOnlyCollection<ChildRestartStats> Stats => new StatsView(this);

    public bool TryGetByName(string name, out IChildStats child)
    {
        lock (_byName) return _byName.TryGetValue(name, out child);
    }

    public ChildRestartStats StatsOf(IActorRef child)
    {
        lock (_byName)
            return _byName.TryGetValue(child.Path.Name, out var entry) && entry is ChildRestartStats stats && stats.Child.Equals(child) ? stats : null;
    }

    public void Reserve(string name)
    {
        lock (_byName)
        {
            if (_terminated || _reason is SuspendReason.Termination)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            if (!_byName.TryAdd(name, ChildNameReserved.Instance))
                throw new InvalidActorNameException($@"Actor name ""{name}"" is not unique!");
        }
    }

    public void Unreserve(string name)
    {
        lock (_byName)
        {
            if (_byName.TryGetValue(name, out var entry) && entry is ChildNameReserved) _byName.Remove(name);
        }
    }

    public void Add(IInternalActorRef child)
    {
        lock (_byName) _byName[child.Path.Name] = new ChildRestartStats(child);
    }

    public void ShallDie(IInternalActorRef child)
    {
        lock (_byName)
        {
            (_toDie ??= []).Add(child);
            _reason ??= SuspendReason.UserRequest.Instance;
        }
    }

    /// <summary>Says what the parent waits for; false if there is no child to wait for.</summary>
    public bool TrySetReason(SuspendReason reason)
    {
        lock (_byName)
        {
            if (_toDie is not { Count: > 0 }) return false;
            _reason = reason;
            return true;
        }
    }

    public void SetTerminated()
    {
        lock (_byName)
        {
            _terminated = true;
            _byName.Clear();
            _toDie = null;
            _reason = null;
        }
    }

    /// <summary>Forgets a child that has stopped; gives the reason if it was the last one that was waited for.</summary>
    public SuspendReason Remove(IActorRef child)
    {
        lock (_byName)
        {
            if (_byName.TryGetValue(child.Path.Name, out var entry) && entry is ChildRestartStats stats && stats.Child.Equals(child))
                _byName.Remove(child.Path.Name);
            if (_toDie is null || !_toDie.Remove(child) || _toDie.Count > 0) return null;
            var reason = _reason;
            _reason = null;
            _toDie = null;
            if (reason is SuspendReason.Termination) _terminated = true;
            return reason;
        }
    }

    private ChildRestartStats[] CopyStats()
    {
        lock (_byName) return [.. _byName.Values.OfType<ChildRestartStats>()];
    }

    private sealed class StatsView(ChildrenContainer owner) : IReadOnlyCollection<ChildRestartStats>
    {
        public int Count => owner.CopyStats().Length;

        public IEnumerator<ChildRestartStats> GetEnumerator() => owner.CopyStats().AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
