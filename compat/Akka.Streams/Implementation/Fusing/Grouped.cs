using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Emits lists of n elements, and of the rest at the end.</summary>
internal sealed class Grouped<T> : LinearStage<T, IEnumerable<T>>
{
    private readonly int _count;

    public Grouped(int count)
        : base("grouped")
    {
        if (count <= 0)
            throw new ArgumentException("count must be greater than 0", nameof(count));
        _count = count;
    }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic(Grouped<T> stage) : LinearLogic(stage)
    {
        private List<T> _group = new(stage._count);

        public override void OnPush()
        {
            _group.Add(Grab(In));
            if (_group.Count == stage._count)
                PushGroup();
            else
                Pull(In);
        }

        public override void OnUpstreamFinish()
        {
            // An unfinished group means that the downstream still waits for one.
            if (_group.Count > 0)
                PushGroup();
            CompleteStage();
        }

        private void PushGroup()
        {
            var group = _group;
            _group = new List<T>(stage._count);
            Push(Out, group);
        }
    }
}
