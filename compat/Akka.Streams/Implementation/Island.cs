using Akka.Streams.Implementation.Fusing;
using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>The stages that one actor will run, while they are being collected.</summary>
internal sealed class Island
{
    public readonly List<GraphStageLogic> Logics = new(8);
    public List<BoundaryLogic> Boundaries;
    public int Connections;
    public string Dispatcher;

    /// <summary>The attributes of the last stage added; if the stage is the only one they name the actor and size its buffers.</summary>
    public Attributes LastAttributes;

    public void Reset(string dispatcher)
    {
        Logics.Clear();
        Boundaries = null;
        Connections = 0;
        Dispatcher = dispatcher;
        LastAttributes = null;
    }

    public void AddBoundary(BoundaryLogic boundary) => (Boundaries ??= []).Add(boundary);
}
