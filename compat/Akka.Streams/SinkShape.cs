using System.Collections.Immutable;

namespace Akka.Streams;

/// <summary>One input and no output.</summary>
public sealed class SinkShape<TIn> : Shape
{
    public readonly Inlet<TIn> Inlet;

    public SinkShape(Inlet<TIn> inlet) => Inlet = inlet ?? throw new ArgumentNullException(nameof(inlet));

    public override ImmutableArray<Inlet> Inlets => [Inlet];

    public override ImmutableArray<Outlet> Outlets => [];

    internal override int InletCount => 1;

    internal override int OutletCount => 0;

    public override Shape DeepCopy() => new SinkShape<TIn>((Inlet<TIn>)Inlet.CarbonCopy());

    public override Shape CopyFromPorts(ImmutableArray<Inlet> inlets, ImmutableArray<Outlet> outlets)
    {
        RequirePorts(inlets, 1, outlets, 0);
        return new SinkShape<TIn>((Inlet<TIn>)inlets[0]);
    }

    internal override Inlet InletAt(int index) => Inlet;
}
