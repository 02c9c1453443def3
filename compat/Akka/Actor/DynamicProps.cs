namespace Akka.Actor;

/// <summary>Props whose actors a function makes. What it throws is not wrapped.</summary>
internal sealed class DynamicProps<TActor> : Props
    where TActor : ActorBase
{
    private readonly Func<TActor> _factory;

    public DynamicProps(Func<TActor> factory)
        : base(typeof(TActor)) => _factory = factory;

    private DynamicProps(DynamicProps<TActor> copy)
        : base(copy) => _factory = copy._factory;

    public override ActorBase NewActor() => _factory();

    protected override Props Copy() => new DynamicProps<TActor>(this);
}
