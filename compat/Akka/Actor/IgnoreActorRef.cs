namespace Akka.Actor;

/// <summary>The reference that drops every message without a trace.</summary>
internal sealed class IgnoreActorRef : MinimalActorRef
{
    private readonly IActorRefProvider _provider;

    public IgnoreActorRef(IActorRefProvider provider)
    {
        _provider = provider;
        Path = new RootActorPath(new Address("akka", "local")) / "ignore";
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _provider;
}
