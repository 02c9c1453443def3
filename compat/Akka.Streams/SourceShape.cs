using System.Collections.Immutable;

namespace Akka.Streams;

/// <summary>One output and no input.</summary>
public sealed class SourceShape<TOut> : Shape
{
    public readonly Outlet<TOut> Outlet;

    public SourceShape(Outlet<TOut> outlet) => Outlet = outlet ?? throw new ArgumentNullException(nameof(outlet));

    public override ImmutableArray<Inlet> Inlets => [];

    public override ImmutableArray<Outlet> Outlets => [Outlet];

    internal override int InletCount => 0;

    internal override int OutletCount => 1;

    public override Shape DeepCopy() => new SourceShape<TOut>((Outlet<TOut>)Outlet.CarbonCopy());

    public override Shape CopyFromPorts(ImmutableArray<Inlet> inlets, ImmutableArray<Outlet> outlets)
    {
        RequirePorts(inlets, 0, outlets, 1);
        return new SourceShape<TOut>((Outlet<TOut>)outlets[0]);
    }

    internal override Outlet OutletAt(int index) => Outlet;
}
