namespace Akka.Streams.Implementation;

/// <summary>A graph whose materialized value is put through a function.</summary>
internal sealed class TransformModule<TMat, TMat2> : Module
{
    private readonly Module _inner;
    private readonly Func<TMat, TMat2> _transform;

    public TransformModule(IModule inner, Func<TMat, TMat2> transform)
        : base(Attributes.None)
    {
        _inner = (Module)inner;
        _transform = transform;
    }

    public override Shape Shape => _inner.Shape;

    public override int InletCount => _inner.InletCount;

    public override int OutletCount => _inner.OutletCount;

    protected override object Build(MaterializerSession session, in Scope scope) => _transform((TMat)_inner.Materialize(session, scope));
}
