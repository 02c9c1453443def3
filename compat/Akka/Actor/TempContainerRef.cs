using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>The parent of the references that exist only while an answer is awaited.</summary>
internal sealed class TempContainerRef : MinimalActorRef
{
    private readonly ConcurrentDictionary<string, IInternalActorRef> _children = new();

    public TempContainerRef(IActorRefProvider provider, ActorPath path)
    {
        Provider = provider;
        Path = path;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public override IInternalActorRef Parent => Provider.RootGuardian;

    public void Add(string name, IInternalActorRef child) => _children[name] = child;

    public void Remove(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        if (name.Count == 0) return this;
        return name.Count == 1 && _children.TryGetValue(name[0], out var child) ? child : ActorRefs.Nobody;
    }
}
