using System.Collections.Immutable;

namespace Akka.Streams;

/// <summary>Two flows in opposite directions, such as the two directions of a codec.</summary>
public sealed class BidiShape<TIn1, TOut1, TIn2, TOut2> : Shape
{
    public readonly Inlet<TIn1> Inlet1;
    public readonly Inlet<TIn2> Inlet2;
    public readonly Outlet<TOut1> Outlet1;
    public readonly Outlet<TOut2> Outlet2;

    public BidiShape(Inlet<TIn1> in1, Outlet<TOut1> out1, Inlet<TIn2> in2, Outlet<TOut2> out2)
    {
        Inlet1 = in1 ?? throw new ArgumentNullException(nameof(in1));
        Inlet2 = in2 ?? throw new ArgumentNullException(nameof(in2));
        Outlet1 = out1 ?? throw new ArgumentNullException(nameof(out1));
        Outlet2 = out2 ?? throw new ArgumentNullException(nameof(out2));
    }

    public BidiShape(FlowShape<TIn1, TOut1> top, FlowShape<TIn2, TOut2> bottom)
        : this(top.Inlet, top.Outlet, bottom.Inlet, bottom.Outlet)
    {
    }

    public override ImmutableArray<Inlet> Inlets => [Inlet1, Inlet2];

    public override ImmutableArray<Outlet> Outlets => [Outlet1, Outlet2];

    internal override int InletCount => 2;

    internal override int OutletCount => 2;

    public override Shape DeepCopy() => new BidiShape<TIn1, TOut1, TIn2, TOut2>(
        (Inlet<TIn1>)Inlet1.CarbonCopy(), (Outlet<TOut1>)Outlet1.CarbonCopy(),
        (Inlet<TIn2>)Inlet2.CarbonCopy(), (Outlet<TOut2>)Outlet2.CarbonCopy());

    public override Shape CopyFromPorts(ImmutableArray<Inlet> inlets, ImmutableArray<Outlet> outlets)
    {
        RequirePorts(inlets, 2, outlets, 2);
        return new BidiShape<TIn1, TOut1, TIn2, TOut2>(
            (Inlet<TIn1>)inlets[0], (Outlet<TOut1>)outlets[0], (Inlet<TIn2>)inlets[1], (Outlet<TOut2>)outlets[1]);
    }

    internal override Inlet InletAt(int index) => index == 0 ? Inlet1 : Inlet2;

    internal override Outlet OutletAt(int index) => index == 0 ? Outlet1 : Outlet2;
}
