using Akka.Streams.Implementation.Fusing;
using Akka.Streams.Stage;
using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Emits what an enumerator yields. It looks one element ahead, so that the stream completes with the last element.</summary>
internal sealed class EnumerableSource<T> : GraphStage<SourceShape<T>>
{
    private readonly Func<IEnumerator<T>> _factory;
    private readonly Outlet<T> _out = new("EnumerableSource.out");

    public EnumerableSource(Func<IEnumerator<T>> factory)
    {
        _factory = factory;
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("enumerableSource");

    public override string ToString() => "EnumerableSource";

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, inheritedAttributes.Decider());

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly EnumerableSource<T> _stage;
        private readonly Decider _decider;
        private IEnumerator<T> _elements;
        private bool _hasNext;

        public Logic(EnumerableSource<T> stage, Decider decider)
            : base(stage.Shape)
        {
            _stage = stage;
            _decider = decider;
            SetHandler(stage._out, this);
        }

        public override void OnPull()
        {
            try
            {
                if (_elements is null)
                {
                    _elements = _stage._factory();
                    _hasNext = _elements.MoveNext();
                }

                if (_hasNext)
                {
                    Push(_stage._out, _elements.Current);
                    _hasNext = _elements.MoveNext();
                }

                if (!_hasNext)
                    CompleteStage();
            }
            catch (Exception e)
            {
                if (_decider(e) == Directive.Stop)
                    FailStage(e);
                else
                    CompleteStage();
            }
        }

        public override void PostStop() => _elements?.Dispose();
    }
}
