using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>The children of an actor. Guardians get children from any thread, so the container takes a lock.</summary>
public partial class ActorCell
{
    private ChildrenContainer _children;
    private int _nextName;

    internal bool IsTerminating => _children is { IsTerminating: true };

    private bool IsNormal => _children is null || _children.IsNormal;

    private bool IsWaitingForChildren => _children is { IsWaiting: true };

    public virtual IActorRef ActorOf(Props props, string name = null) => AttachChild(props, false, name);

    /// <summary>Creates a child; on guardians from any thread.</summary>
    public virtual IActorRef AttachChild(Props props, bool isSystemService, string name = null)
    {
        if (name is null)
        {
            do name = NextName();
            while (TryGetChildStatsByName(name, out _));
        }
        else
        {
            CheckName(name);
        }

        var children = Container();
        children.Reserve(name);
        IInternalActorRef child;
        try
        {
            child = _system.LocalProvider.ActorOf(_system, props, _self, new ChildActorPath(_self.Path, name, NewUid()));
        }
        catch
        {
            children.Unreserve(name);
            throw;
        }

        // A child of a failed actor starts suspended, so that the resumption of its parent leaves it even.
        var suspensions = IsFailed ? _mailbox.SuspendCount : 0;
        for (; suspensions > 0; suspensions--) child.Suspend();
        children.Add(child);
        child.Start();
        return child;
    }

    public void Stop(IActorRef child)
    {
        if (child is IInternalActorRef internalChild && _children?.StatsOf(child) is not null) _children.ShallDie(internalChild);
        ((IInternalActorRef)child).Stop();
    }

    IActorRef IActorContext.Child(string name) =>
        TryGetSingleChild(name, out var child) ? child : ActorRefs.Nobody;

    IEnumerable<IActorRef> IActorContext.GetChildren() => GetChildren();

    public IEnumerable<IInternalActorRef> GetChildren() => _children?.Children ?? [];

    /// <summary>The children at the time of the enumeration, which most strategies never start.</summary>
    private IEnumerable<IInternalActorRef> LazyChildren()
    {
        foreach (var child in GetChildren()) yield return child;
    }

    public IInternalActorRef GetSingleChild(string name)
    {
        var uidAt = name.IndexOf('#', StringComparison.Ordinal);
        if (uidAt < 0) return TryGetSingleChild(name, out var child) ? child : ActorRefs.Nobody;
        return TryGetSingleChild(name[..uidAt], out var byName)
            && long.TryParse(name.AsSpan(uidAt + 1), out var uid)
            && byName.Path.Uid == uid
                ? byName
                : ActorRefs.Nobody;
    }

    public bool TryGetChildStatsByName(string name, out IChildStats child)
    {
        child = null;
        return _children is not null && _children.TryGetByName(name, out child);
    }

    /// <summary>Reserves the name and adds the reference of a guardian, which is created by the provider.</summary>
    internal void AttachGuardian(IInternalActorRef guardian)
    {
        Container().Reserve(guardian.Path.Name);
        _children.Add(guardian);
    }

    private bool TryGetSingleChild(string name, out IInternalActorRef child)
    {
        child = TryGetChildStatsByName(name, out var stats) && stats is ChildRestartStats restartStats ? restartStats.Child : null;
        return child is not null;
    }

    private ChildrenContainer Container() =>
        Volatile.Read(ref _children) ?? Interlocked.CompareExchange(ref _children, new ChildrenContainer(), null) ?? _children;

    private string NextName() => "$" + Base64Name.Encode(Interlocked.Increment(ref _nextName) - 1);

    private static void CheckName(string name)
    {
        if (name.Length == 0) throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, not be empty, and only contain ASCII letters, digits and "
                + $"these special characters: `{ActorPath.ValidSymbols}`");
        }
    }

    private static long NewUid()
    {
        long uid;
        do uid = Random.Shared.NextInt64(1, int.MaxValue);
        while (uid == UndefinedUid);
        return uid;
    }
}
