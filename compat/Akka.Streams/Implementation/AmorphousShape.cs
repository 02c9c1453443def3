using System.Collections.Immutable;

namespace Akka.Streams.Implementation;

/// <summary>A shape that is only its ports.</summary>
internal sealed class AmorphousShape : Shape
{
    public AmorphousShape(ImmutableArray<Inlet> inlets, ImmutableArray<Outlet> outlets)
    {
        Inlets = inlets;
        Outlets = outlets;
    }

    public override ImmutableArray<Inlet> Inlets { get; }

    public override ImmutableArray<Outlet> Outlets { get; }

    public override Shape DeepCopy() =>
        new AmorphousShape([.. Inlets.Select(inlet => inlet.CarbonCopy())], [.. Outlets.Select(outlet => outlet.CarbonCopy())]);

    public override Shape CopyFromPorts(ImmutableArray<Inlet> inlets, ImmutableArray<Outlet> outlets) => new AmorphousShape(inlets, outlets);
}
