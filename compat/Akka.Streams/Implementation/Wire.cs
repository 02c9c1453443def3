namespace Akka.Streams.Implementation;

/// <summary>A connection inside of a composite, from the n-th outlet to the m-th inlet of its two parts, counted together.</summary>
internal readonly record struct Wire(int Outlet, int Inlet)
{
    public static readonly Wire[] None = [];

    /// <summary>The only, or first, outlet of the left part into the inlet of the right part, when the left part has no inlet.</summary>
    public static readonly Wire[] SourceTo = [new(0, 0)];

    /// <summary>The outlet of the left part into the inlet of the right part, when the left part has an inlet of its own.</summary>
    public static readonly Wire[] FlowTo = [new(0, 1)];

    /// <summary>Two flows into a ring.</summary>
    public static readonly Wire[] Ring = [new(0, 1), new(1, 0)];

    /// <summary>A flow (left) that closes one side of a bidi graph (right): out into in1, out2 into in.</summary>
    public static readonly Wire[] FlowIntoBidi = [new(0, 1), new(2, 0)];
}
