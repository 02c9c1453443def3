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
    public int InputBuffer;

    /// <summary>The attributes of the last stage added; they name the actor if the stage is the only one.</summary>
    public Attributes LastAttributes;

    public void Reset(string dispatcher, int inputBuffer)
    {
        Logics.Clear();
        Boundaries = null;
        Connections = 0;
        Dispatcher = dispatcher;
        InputBuffer = inputBuffer;
        LastAttributes = null;
    }

    public void AddBoundary(BoundaryLogic boundary) => (Boundaries ??= []).Add(boundary);
}
